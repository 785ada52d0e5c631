package org.fazaa.notifier.carrier.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.TextState;

/**
 * People for a first look: of ten asked, about four say yes, two say no, one writes something that
 * a person has to read, and the rest stay silent, each after a human while. The same seed and text
 * give the same person.
 */
public final class DemoCrowd implements Crowd {
  private static final double YES = 0.42;
  private static final double NO = YES + 0.2;
  private static final double ODD = NO + 0.08;
  private static final double STOP = ODD + 0.01;
  private static final double WITH_CODE = 0.5;
  private static final double UNREACHABLE = 0.03;

  private static final Duration SENT_AFTER = Duration.ofSeconds(2);
  private static final Duration DELIVERED_AFTER = Duration.ofSeconds(6);

  /** Half of those who answer do so within this; one in six takes more than three times as long. */
  private static final Duration ANSWER_MEDIAN = Duration.ofMinutes(4);

  private static final double ANSWER_SPREAD = 1.2;
  private static final Duration ANSWER_MIN = Duration.ofSeconds(20);

  private final long seed;
  private final double speed;

  /**
   * @param speed how many times faster than people; 0: they answer only by hand
   */
  public DemoCrowd(long seed, double speed) {
    this.seed = seed;
    this.speed = speed;
  }

  @Override
  public List<Reaction> onText(Text text, Instant now) {
    var random = new SplittableRandom(seed ^ text.id() * 0x9E3779B97F4A7C15L);
    boolean reachable = random.nextDouble() >= UNREACHABLE;
    var reactions = new ArrayList<Reaction>();
    reactions.add(new Reaction.Status(sped(SENT_AFTER), TextState.SENT, null));
    reactions.add(
        reachable
            ? new Reaction.Status(sped(DELIVERED_AFTER), TextState.DELIVERED, null)
            : new Reaction.Status(sped(DELIVERED_AFTER), TextState.FAILED, "30003"));
    if (reachable && speed > 0 && text.answerable()) {
      answer(text, random, reactions);
    }
    return reactions;
  }

  private void answer(Text text, RandomGenerator random, List<Reaction> reactions) {
    var words = words(random.nextDouble(), text.language() == Language.AR);
    if (words.isEmpty()) {
      return;
    }
    var said = words.get(random.nextInt(words.size()));
    boolean coded = text.code() != null && random.nextDouble() < WITH_CODE;
    double factor = Math.exp(ANSWER_SPREAD * random.nextGaussian());
    long millis = Math.round(ANSWER_MEDIAN.toMillis() * factor);
    var delay = Duration.ofMillis(Math.max(ANSWER_MIN.toMillis(), millis));
    reactions.add(new Reaction.Says(sped(delay), coded ? said + " " + text.code() : said));
  }

  /** What somebody in this mood may say; nothing when silent. */
  private static List<String> words(double mood, boolean arabic) {
    if (mood < YES) return arabic ? YES_AR : YES_EN;
    if (mood < NO) return arabic ? NO_AR : NO_EN;
    if (mood < ODD) return arabic ? ODD_AR : ODD_EN;
    return mood < STOP ? STOPS : List.of();
  }

  private Duration sped(Duration human) {
    return speed == 0 ? human : Duration.ofMillis(Math.round(human.toMillis() / speed));
  }

  private static final List<String> YES_EN =
      List.of("1", "1", "yes", "Yes, coming", "ok", "on my way", "no problem, coming", "👍");
  private static final List<String> YES_AR =
      List.of("1", "١", "نعم", "ابشر", "جاي", "تم", "لا مشكلة جاي", "ان شاء الله", "👍");
  private static final List<String> NO_EN =
      List.of("2", "2", "no", "sorry, can't make it", "not today", "busy");
  private static final List<String> NO_AR =
      List.of("2", "٢", "لا", "ما اقدر", "مشغول", "معليش", "اعتذر");
  private static final List<String> ODD_EN =
      List.of("yes but after 8", "where exactly?", "I know the place", "can I bring my brother");
  private static final List<String> ODD_AR =
      List.of("بعد المغرب", "وين بالضبط؟", "اعرف المكان", "معاي اخوي عادي؟");
  private static final List<String> STOPS = List.of("STOP");
}
