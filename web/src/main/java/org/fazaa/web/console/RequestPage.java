package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;

/**
 * One request: what it says now, what changed since this reader saw it, and who has approved.
 *
 * @param seen the version that this reader saw last before this one; 0 if none
 * @param next what may have become of its order
 */
record RequestPage(
    long id,
    String fundName,
    String purpose,
    String amount,
    String state,
    String stateSays,
    int version,
    List<Fact> facts,
    int seen,
    List<Change> changes,
    List<Step> steps,
    boolean mayApprove,
    boolean mayPay,
    boolean mayEdit,
    boolean mayWithdraw,
    List<Choice> next,
    Optional<String> waitsFor,
    List<String> flaws) {

  record Fact(String name, String value) {}

  record Change(String field, String before, String after) {}

  record Step(Instant at, String by, String what) {}
}
