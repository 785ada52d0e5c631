package org.fazaa.notifier.carrier.standin;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What goes wrong, and how often. Written {@code fault=share} or {@code fault=share:wait}, with
 * commas between: {@code 503=0.1,slow=0.05:14s,lost-callbacks=0.1}.
 */
public record Faults(Map<Fault, Chance> chances) {

  /** The first nine befall the POST of a message, and of those at most one at a time. */
  public enum Fault {
    ACCEPT_THEN_CUT,
    CUT,
    ACCEPT_THEN_500,
    FAIL_500,
    FAIL_503,
    FAIL_429,
    SLOW,
    SILENCE,
    TIMEOUT,
    UNDELIVERED,
    LOST_CALLBACKS,
    DOUBLED_CALLBACKS,
    REVERSED_CALLBACKS,
    LATE_CALLBACKS,
    LOST_REPLIES,
    DOUBLED_REPLIES,
    /** A number under which nobody has WhatsApp. */
    NO_WHATSAPP,
    /** A call that nobody takes, and one to somebody who is on the phone. */
    NO_ANSWER,
    BUSY;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace("fail_", "").replace('_', '-');
    }

    private boolean ofPost() {
      return compareTo(TIMEOUT) <= 0;
    }

    private Duration usualWait() {
      return switch (this) {
        case SLOW -> Duration.ofSeconds(14);
        case LATE_CALLBACKS -> Duration.ofSeconds(30);
        case FAIL_429 -> Duration.ofSeconds(1);
        default -> Duration.ZERO;
      };
    }
  }

  /**
   * @param share of all cases, from 0 to 1
   * @param after of what comes slowly or late; of 429, what Retry-After says
   */
  public record Chance(double share, Duration after) {}

  /** It cannot be read; the message says why, in English and in Arabic. */
  public static final class Invalid extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String english;
    private final String arabic;

    Invalid(String english, String arabic) {
      super(english + " · " + arabic);
      this.english = english;
      this.arabic = arabic;
    }

    public String english() {
      return english;
    }

    public String arabic() {
      return arabic;
    }
  }

  public static final Faults NONE = new Faults(Map.of());

  private static final Pattern CHANCE = Pattern.compile("([a-z0-9-]+)=([0-9.]+)(?::([0-9]+\\w*))?");
  private static final Pattern WAIT = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");

  public Faults {
    chances = Map.copyOf(chances);
  }

  /**
   * @throws Invalid when a fault is unknown, a share is none, or the shares of what may befall a
   *     POST are more than 1 together
   */
  public static Faults parse(String written) {
    var chances = new EnumMap<Fault, Chance>(Fault.class);
    for (var part : written.isBlank() ? new String[0] : written.split(",")) {
      var parts = CHANCE.matcher(part.strip());
      if (!parts.matches()) {
        throw new Invalid(
            "'" + part + "': write fault=share or fault=share:wait",
            "اكتب fault=share أو fault=share:wait");
      }
      var fault = named(parts.group(1));
      var after = parts.group(3) == null ? fault.usualWait() : length(parts.group(3));
      chances.put(fault, new Chance(share(parts.group(2)), after));
    }
    var faults = new Faults(chances);
    if (faults.shareOfPosts() > 1) {
      throw new Invalid(
          "the shares of what may befall a POST are more than 1 together",
          "مجموع نصيب الأعطال التي تصيب الإرسال أكبر من 1");
    }
    return faults;
  }

  /** 14s, 300ms, 2m, 1h; a bare number is milliseconds. */
  public static Duration length(String written) {
    var parts = WAIT.matcher(written);
    if (!parts.matches()) {
      throw new Invalid("'" + written + "': write 300ms, 14s or 2m", "اكتب 300ms أو 14s أو 2m");
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case null -> Duration.ofMillis(number);
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private static Fault named(String word) {
    return Arrays.stream(Fault.values())
        .filter(fault -> fault.word().equals(word))
        .findFirst()
        .orElseThrow(
            () -> {
              var known =
                  Arrays.stream(Fault.values()).map(Fault::word).collect(Collectors.joining(", "));
              return new Invalid(
                  "'" + word + "' is no fault; known: " + known, "ليس عطلًا معروفًا: " + word);
            });
  }

  static double share(String written) {
    try {
      double share = Double.parseDouble(written);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) { // said below
    }
    throw new Invalid("'" + written + "': a share is from 0 to 1", "النصيب من 0 إلى 1");
  }

  private double shareOfPosts() {
    return chances.entrySet().stream()
        .filter(chance -> chance.getKey().ofPost())
        .mapToDouble(chance -> chance.getValue().share())
        .sum();
  }

  boolean strikes(Fault fault, RandomGenerator random) {
    var chance = chances.get(fault);
    return chance != null && random.nextDouble() < chance.share();
  }

  Duration after(Fault fault) {
    return chances.get(fault).after();
  }

  Manner onPost(RandomGenerator random) {
    double fallen = random.nextDouble();
    for (var fault : Fault.values()) {
      var chance = fault.ofPost() ? chances.get(fault) : null;
      if (chance != null) {
        if (fallen < chance.share()) {
          return manner(fault, chance.after());
        }
        fallen -= chance.share();
      }
    }
    return new Manner.Accept();
  }

  private static Manner manner(Fault fault, Duration wait) {
    return switch (fault) {
      case ACCEPT_THEN_CUT -> new Manner.AcceptThenCut();
      case CUT -> new Manner.Cut();
      case ACCEPT_THEN_500 -> new Manner.AcceptThenRefuse(500);
      case FAIL_500 -> new Manner.Refuse(500, 20500);
      case FAIL_503 -> new Manner.Refuse(503, 20503);
      case FAIL_429 -> new Manner.RefuseUntil(429, 20429, Math.clamp(wait.toSeconds(), 1, 3_600));
      case SLOW -> new Manner.AcceptSlowly(wait);
      case SILENCE -> new Manner.Silence();
      case TIMEOUT -> new Manner.AcceptThenSilence();
      default -> new Manner.Accept();
    };
  }

  /** As it is written. */
  @Override
  public String toString() {
    return chances.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(chance -> chance.getKey().word() + "=" + written(chance.getValue()))
        .collect(Collectors.joining(","));
  }

  private static String written(Chance chance) {
    var wait = chance.after().isZero() ? "" : ":" + chance.after().toMillis() + "ms";
    return chance.share() + wait;
  }
}
