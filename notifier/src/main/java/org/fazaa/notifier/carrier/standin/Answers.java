package org.fazaa.notifier.carrier.standin;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What people answer to a text that asks something, and how often; the rest stay silent. Written
 * {@code yes=0.3,no=0.3,odd=0.05,stop=0.01}.
 */
public record Answers(Map<Mood, Double> shares) {

  /** ODD is what a person has to read. */
  public enum Mood {
    YES,
    NO,
    ODD,
    STOP,
    SILENT
  }

  record Said(Duration after, Mood mood, String body) {}

  public static final Answers NONE = new Answers(Map.of());

  /** Half of those who answer do so within this; one in six takes more than three times as long. */
  private static final Duration MEDIAN = Duration.ofMinutes(4);

  private static final Duration MIN = Duration.ofSeconds(20);
  private static final Duration MAX = Duration.ofHours(2);
  private static final double SPREAD = 1.2;
  private static final double WITH_CODE = 0.5;
  private static final Pattern CODE = Pattern.compile("\\b(?=[A-Z]+[0-9])[A-Z][A-Z0-9]{3}\\b");
  private static final Pattern ARABIC = Pattern.compile("\\p{InArabic}");

  public Answers {
    shares = Map.copyOf(shares);
  }

  /**
   * @throws Faults.Invalid when it cannot be read, or the shares are more than 1 together
   */
  public static Answers parse(String written) {
    var shares = new EnumMap<Mood, Double>(Mood.class);
    for (var part : written.isBlank() ? new String[0] : written.split(",")) {
      var parts = part.strip().split("=", 2);
      shares.put(named(parts[0]), Faults.share(parts.length == 2 ? parts[1] : ""));
    }
    if (shares.values().stream().mapToDouble(share -> share).sum() > 1 + 1e-9) {
      throw new Faults.Invalid(
          "the shares of the answers are more than 1 together", "مجموع نصيب الأجوبة أكبر من 1");
    }
    return new Answers(shares);
  }

  private static Mood named(String word) {
    try {
      return Mood.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Faults.Invalid(
          "'" + word + "': answers are yes, no, odd, stop or silent",
          "الأجوبة هي yes أو no أو odd أو stop أو silent");
    }
  }

  /** What somebody answers to these words; nothing to a text that does not ask. */
  Optional<Said> to(String text, double speed, RandomGenerator random) {
    if (shares.isEmpty() || (text.indexOf('?') < 0 && text.indexOf('؟') < 0)) {
      return Optional.empty();
    }
    var mood = mood(random.nextDouble());
    var words = (ARABIC.matcher(text).find() ? ARABIC_WORDS : ENGLISH_WORDS).get(mood);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    var said = words.get(random.nextInt(words.size()));
    boolean coded = random.nextDouble() < WITH_CODE && mood != Mood.STOP;
    var code = CODE.matcher(text);
    double human = MEDIAN.toMillis() * Math.exp(SPREAD * random.nextGaussian());
    long millis = Math.round(Math.clamp(human, MIN.toMillis(), MAX.toMillis()) / speed);
    return Optional.of(
        new Said(
            Duration.ofMillis(millis),
            mood,
            coded && code.find() ? said + " " + code.group() : said));
  }

  private Mood mood(double fallen) {
    double left = fallen;
    for (var mood : Mood.values()) {
      left -= shares.getOrDefault(mood, 0.0);
      if (left < 0) {
        return mood;
      }
    }
    return Mood.SILENT;
  }

  private static final Map<Mood, List<String>> ENGLISH_WORDS =
      Map.of(
          Mood.YES, List.of("1", "1", "yes", "Yes, coming", "ok", "on my way"),
          Mood.NO, List.of("2", "2", "no", "sorry, can't make it", "not today"),
          Mood.ODD, List.of("yes but after 8", "where exactly?", "can I bring my brother"),
          Mood.STOP, List.of("STOP"),
          Mood.SILENT, List.of());

  private static final Map<Mood, List<String>> ARABIC_WORDS =
      Map.of(
          Mood.YES, List.of("1", "١", "نعم", "ابشر", "جاي", "لا مشكلة جاي"),
          Mood.NO, List.of("2", "٢", "لا", "ما اقدر", "معليش"),
          Mood.ODD, List.of("بعد المغرب", "وين بالضبط؟", "معاي اخوي عادي؟"),
          Mood.STOP, List.of("STOP"),
          Mood.SILENT, List.of());
}
