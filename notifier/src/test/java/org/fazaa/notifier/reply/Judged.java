package org.fazaa.notifier.reply;

/** Where a reply goes by the rule of {@link ReadReplies}, for tests of other packages. */
public record Judged(String state, Meaning meaning) {

  public static Judged of(String body, boolean flooding, boolean known, boolean owned) {
    var verdict = ReadReplies.decide(Meaning.read(body), flooding, known, owned);
    return new Judged(verdict.state(), verdict.meaning());
  }
}
