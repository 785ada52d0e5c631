package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;

/** The simulated carrier's phones, latest first. */
record PhonesPage(List<Row> phones) {

  record Row(String id, String name, String number, String last, boolean asked, Instant at) {}
}
