package org.fazaa.web.donor;

import java.util.List;

/** The funds one can give to. */
record FundsPage(List<Row> funds) {

  record Row(long id, String name, String purpose, String received, String available) {}
}
