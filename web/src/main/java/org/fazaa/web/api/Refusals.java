package org.fazaa.web.api;

import java.util.Locale;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.web.Problem;
import org.fazaa.web.Problem.Flaw;
import org.fazaa.web.Words;

/** The fund's refusals bring their own words; the outcome's name is the problem's. */
final class Refusals {

  private Refusals() {}

  static Answer missing(Refusal refusal) {
    return answer(404, refusal);
  }

  static Answer forbidden(Refusal refusal) {
    return answer(403, refusal);
  }

  static Answer conflict(Refusal refusal) {
    return answer(409, refusal);
  }

  static Answer differs(Refusal refusal) {
    return answer(422, refusal);
  }

  static Answer tooMany(Refusal refusal) {
    return answer(429, refusal);
  }

  static Answer invalid(Refusal.Invalid refusal) {
    return Answer.refused(
        Problem.invalid(
            refusal.flaws().stream()
                .map(flaw -> new Flaw(pointer(flaw.field()), words(flaw.words())))
                .toList()));
  }

  private static Answer answer(int status, Refusal refusal) {
    return Answer.refused(Problem.of(status, name(refusal), TITLE, words(refusal.words())));
  }

  private static String pointer(String field) {
    return "/" + field.replace('.', '/');
  }

  /** {@code NoSuchFund} is {@code no-such-fund}. */
  private static String name(Refusal refusal) {
    var words = refusal.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
    return words.toLowerCase(Locale.ROOT);
  }

  private static Words words(org.fazaa.fund.ledger.Words words) {
    return new Words(words.ar(), words.en());
  }

  private static final Words TITLE = new Words("لم يتم ذلك", "This was not done");
}
