package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;

import java.util.List;
import java.util.Optional;
import org.fazaa.notifier.StatusArrived.Sequel;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioCodesTest {

  @ParameterizedTest(name = "{0} after a POST: {1}")
  @CsvSource({
    "20003, page",
    "20404, page",
    "21606, page",
    "63038, page",
    "20429, rest",
    "429, rest",
    "21611, rest",
    "30001, rest",
    "63017, rest",
    "20500, unknown",
    "21211, unusable",
    "21614, unusable",
    "30005, unusable",
    "30006, unusable",
    "21610, opted out",
    "21612, other sender",
    "21408, other sender",
    "30003, later",
    "30008, later",
    "60202, later",
    "60203, later",
    "21617, give up",
    "30004, give up",
    "30007, give up",
    "30036, give up",
    "63016, other way",
    "63003, other way",
    "63024, other way",
    "63007, mend way",
    "63027, mend way",
    "21656, mend way",
    "21215, mend way",
    "60410, give up"
  })
  void each_code_has_its_action(int code, String action) {
    assertThat(action(posted(code, Optional.empty()))).isEqualTo(action);
  }

  @ParameterizedTest(name = "{0} with a status: {1}")
  @CsvSource({
    "30003, ONCE_MORE",
    "30008, ONCE_MORE",
    "30004, REWORD",
    "30007, REWORD",
    "30005, UNREACHABLE",
    "30006, UNREACHABLE",
    "21211, UNREACHABLE",
    "21614, UNREACHABLE",
    "21610, STOP",
    "63016, OTHER_WAY",
    "63003, OTHER_WAY",
    "63049, OTHER_WAY",
    "30001, REST_LANE",
    "21611, REST_LANE",
    "30036, NONE",
    "21612, NONE",
    "20003, NONE",
    "99999, NONE",
    "'', NONE",
    "x, NONE"
  })
  void each_code_has_its_sequel(String code, Sequel sequel) {
    assertThat(TwilioHooks.sequel(code)).isEqualTo(sequel);
  }

  @Test
  void no_code_stands_in_the_table_twice() {
    assertThat(TwilioCodes.values()).hasSize(42);
    assertThat(List.of(TwilioCodes.values())).extracting(TwilioCodes::meaning).doesNotContain("");
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "0, 1", "100000, 600", "soon, 1", "' 3 ', 3"})
  void it_comes_back_when_it_was_told_to_within_reason(String retryAfter, long seconds) {
    var refused = (Submission.Refused) posted(429, Optional.of(retryAfter));
    assertThat(refused.action()).isEqualTo(new Action.StopLane(NOW.plusSeconds(seconds), false));
  }

  private static Submission posted(int code, Optional<String> retryAfter) {
    var asked = new TwilioCodes.Asked(Integer.toString(code), "why", retryAfter, NOW);
    return TwilioCodes.of(code).orElseThrow().posted(asked);
  }

  private static String action(Submission submission) {
    return switch (submission) {
      case Submission.Accepted accepted -> "accepted";
      case Submission.OptedOut optedOut -> "opted out";
      case Submission.Unknown unknown -> "unknown";
      case Submission.Refused(var code, var why, var action) ->
          switch (action) {
            case Action.TryLater later -> "later";
            case Action.StopLane(var until, var page) -> page ? "page" : "rest";
            case Action.GiveUp giveUp -> "give up";
            case Action.NumberUnusable unusable -> "unusable";
            case Action.OtherSender other -> "other sender";
            case Action.OtherWay(var page) -> page ? "mend way" : "other way";
          };
    };
  }
}
