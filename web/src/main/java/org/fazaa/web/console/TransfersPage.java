package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;

/** Transfers that donors promised and the bank has not shown yet. */
record TransfersPage(List<Row> transfers, List<String> flaws) {

  record Row(String reference, String fund, String amount, String plain, Instant at) {}
}
