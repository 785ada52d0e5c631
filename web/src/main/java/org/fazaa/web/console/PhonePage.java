package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One simulated phone: what was texted to it and what it answered. */
record PhonePage(String id, String name, String number, List<Line> lines, List<String> quick) {

  record Line(boolean ours, String body, Instant at, String state, Optional<String> link) {}
}
