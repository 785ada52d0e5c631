package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One request: what it says now, what changed since it was approved, and who has approved. */
record RequestPage(
    long id,
    String fundName,
    String purpose,
    String amount,
    String state,
    String stateSays,
    int version,
    List<Fact> facts,
    List<Change> changes,
    List<Step> steps,
    boolean mayApprove,
    boolean mayPay,
    boolean mayEdit,
    boolean mayWithdraw,
    Optional<String> waitsFor,
    List<String> flaws) {

  record Fact(String name, String value) {}

  record Change(String field, String before, String after) {}

  record Step(Instant at, String by, String what) {}
}
