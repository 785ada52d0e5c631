package org.fazaa.notifier.carrier.twilio;

import com.twilio.twiml.VoiceResponse;
import com.twilio.twiml.voice.Gather;
import com.twilio.twiml.voice.Say;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Wording;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.TakePress.Press;

/** What a call says, and which keys it waits for, in Twilio's own markup. */
public final class TwilioVoice {

  /** Somebody who fumbles with a phone needs longer than one who types. */
  private static final int KEY_SECONDS = 8;

  private TwilioVoice() {}

  /**
   * The question that a call to this phone asks; empty when we never called it about this.
   *
   * @param text which of our texts it is
   * @param language in which it is asked
   */
  public record Question(String text, String words, Language language) {
    public static Optional<Question> find(SqlConnection tx, AnswerLink.Target target, Phone phone) {
      var asked = Tuple.of(target.purpose(), target.about(), phone.e164(), Way.VOICE.tag());
      for (var row : tx.preparedQuery(FIND).execute(asked).await()) {
        var language = spokenTo(Language.of(row.getString("language")));
        var wording = Wording.of(row.getJsonObject("wording"));
        return TwilioVoice.words(wording, language)
            .map(words -> new Question(wording.text(), words, language));
      }
      return Optional.empty();
    }

    /** What is said around it: this question's own words where it has some, or else the usual. */
    private Say says(String part, String usual) {
      return Texts.spoken(text + "-" + part, language, Map.of())
          .map(own -> say(own, language))
          .orElseGet(() -> spoken(usual, language));
    }
  }

  static Optional<String> words(Text text) {
    return words(text.wording(), spokenTo(text.language()));
  }

  private static Optional<String> words(Wording wording, Language language) {
    return wording == null
        ? Optional.empty()
        : Texts.spoken(wording.text(), language, wording.values());
  }

  /**
   * The question, twice where no key comes, and then goodbye.
   *
   * @param keys where a key is posted, relative to where this was asked for
   */
  public static String ask(Question question, String keys) {
    var language = question.language();
    var pressThese = question.says("keys", "keys");
    return new VoiceResponse.Builder()
        .gather(gather(keys).say(say(question.words(), language)).say(pressThese).build())
        .gather(gather(keys).say(pressThese).build())
        .say(spoken("no-key", language))
        .build()
        .toXml();
  }

  public static String heard(Press press, Question question) {
    var usual =
        switch (press) {
          case YES -> "heard-yes";
          case NO -> "heard-no";
        };
    return new VoiceResponse.Builder().say(question.says("heard", usual)).build().toXml();
  }

  /** In both languages: of whom we do not know, we do not know which. */
  public static String notKnown() {
    return new VoiceResponse.Builder()
        .say(spoken("not-known", Language.AR))
        .say(spoken("not-known", Language.EN))
        .build()
        .toXml();
  }

  /** Twilio's voices know no Urdu. */
  private static Language spokenTo(Language language) {
    return switch (language) {
      case AR -> Language.AR;
      case EN, UR -> Language.EN;
    };
  }

  private static Gather.Builder gather(String keys) {
    return new Gather.Builder()
        .numDigits(1)
        .timeout(KEY_SECONDS)
        .inputs(Gather.Input.DTMF)
        .action(keys);
  }

  private static Say spoken(String name, Language language) {
    return say(Texts.spoken(name, language, Map.of()).orElseThrow(), language);
  }

  private static Say say(String words, Language language) {
    return switch (language) {
      case AR ->
          new Say.Builder(words).language(Say.Language.ARB).voice(Say.Voice.POLLY_ZEINA).build();
      case EN, UR ->
          new Say.Builder(words).language(Say.Language.EN_GB).voice(Say.Voice.POLLY_AMY).build();
    };
  }

  private static final String FIND =
      """
      SELECT language, wording FROM notify.text
      WHERE purpose = $1 AND about = $2 AND to_phone = $3 AND way = $4
      ORDER BY id DESC LIMIT 1\
      """;
}
