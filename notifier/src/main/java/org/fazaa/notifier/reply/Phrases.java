package org.fazaa.notifier.reply;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * The tables under {@code meaning/}: one file per language, in sections, each of which says what
 * its phrases stand for. A comma ends a phrase, a bar stands between words that may take one place,
 * an underscore there is "or nothing", and a tilde joins words in one such place. A phrase matches
 * where all its words follow one another with no comma or full stop between them.
 */
final class Phrases {

  private static final String IN_LATIN = "arabizi.txt";
  private static final List<String> FILES =
      List.of("signs.txt", "en.txt", "ar.txt", IN_LATIN, "ur.txt");

  /** What a phrase stands for. Of two that fit equally well the earlier one is meant. */
  enum Sense {
    DANGER,
    STOP,
    WRONG_NUMBER,
    START,
    DROP,
    CANCEL,
    OTHER,
    SARCASM,
    /** A denial of something that is no answer, as in "no job". */
    DENIES,
    CANNOT,
    NO,
    LAST_RESORT,
    DAY,
    GROUP,
    WHERE,
    WHO,
    HELP,
    ON_MY_WAY,
    HERE,
    IF,
    UNSURE,
    ASK,
    LATER,
    LATE,
    EXCUSE,
    GLADLY,
    YES,
    ACK,
    SOFT,
    FREE,
    COME,
    CAN,
    WANT,
    SORRY,
    ALONE,
    NOT,
    BUT,
    WORRY,
    PROBLEM,
    SEND,
    DANGER_WORD,
    DONE,
    LEAVE,
    HOME,
    AFTER,
    BY,
    THANKS,
    FILLER,
    AUX;

    static final Sense[] ALL = values();

    /** What is only polite or a helping word. */
    boolean saysNothing() {
      return this == THANKS || this == FILLER || this == AUX;
    }

    /** On site a word of leaving is meant so; before, the same word says that one sets out. */
    boolean isOfTheEnd() {
      return this == DONE || this == LEAVE || this == HOME;
    }
  }

  /** What a word may count, beside being part of a phrase. */
  enum Quantity {
    NUMBER,
    /** In minutes. */
    UNIT,
    /** The index in {@link Whereabouts.Prayer}. */
    PRAYER,
    /** The hour at which this half of the day begins: 0 or 12. */
    DAYPART,
    /** How many may come along, or 0 when it does not say. */
    KIN
  }

  private record Slot(int[] words, boolean optional) {
    boolean takes(int word) {
      return Arrays.binarySearch(words, word) >= 0;
    }
  }

  private record Pattern(Slot[] slots, Sense sense) {}

  /** The longest phrase at a place. */
  record Match(Sense sense, int length) {}

  private static final int MIN_TO_MEND = 5;
  private static final int DIGITS_MAX = 5;
  private static final int SOUND_MIN = 4;
  private static final int PAIRS_MAX = 50_000;
  private static final Phrases ALL = new Phrases();

  private final Map<String, Integer> words = new HashMap<>();
  private final List<String> spelt = new ArrayList<>();
  private final Map<Integer, List<Pattern>> starting = new HashMap<>();
  private final Map<Quantity, Map<Integer, Double>> quantities = new EnumMap<>(Quantity.class);
  private final Map<String, int[]> mended = new HashMap<>();

  /** Arabic in Latin letters by its sound: one word that sounds so, the first that a table has. */
  private final Map<String, Integer> sounding = new HashMap<>();

  private int firstOfLatin;
  private final Set<Long> alone = new HashSet<>();
  private final Pattern[][] byFirst;
  private final Map<Long, Pattern[]> byPair = new ConcurrentHashMap<>();

  static Phrases all() {
    return ALL;
  }

  private Phrases() {
    for (var quantity : Quantity.values()) {
      quantities.put(quantity, new HashMap<>());
    }
    for (var file : FILES) {
      if (file.equals(IN_LATIN)) firstOfLatin = spelt.size();
      readTable(file);
    }
    byFirst = new Pattern[spelt.size()][];
    starting.forEach((first, patterns) -> byFirst[first] = patterns.toArray(Pattern[]::new));
    starting.clear();
    for (int word = 0; word < spelt.size(); word++) {
      var written = spelt.get(word);
      if (word >= firstOfLatin && written.charAt(0) < 128) {
        var sound = Inflection.sound(written);
        if (sound.length() >= SOUND_MIN) sounding.putIfAbsent(sound, word);
      }
      if (written.length() >= MIN_TO_MEND) {
        for (var shorter : deletions(written)) {
          mended.merge(shorter, new int[] {word}, Phrases::joined);
        }
      }
    }
  }

  // --- words

  /** The number of a word as it is written, or -1. */
  int exact(String written) {
    return words.getOrDefault(written, -1);
  }

  /** Whether it is a word of Arabic, Urdu or Hindi and of no English table. */
  boolean isArabicInLatin(String written) {
    return exact(written) >= firstOfLatin && written.charAt(0) < 128;
  }

  /** The number of a word of Arabic in Latin letters that sounds like this, or -1. */
  int sounding(String written) {
    var sound = Inflection.sound(written);
    return sound.length() < SOUND_MIN ? -1 : sounding.getOrDefault(sound, -1);
  }

  /** The number that is written so, in digits or as a word; 5.5 for "5:30"; NaN if it is none. */
  double number(String written, int word) {
    if (!Spelling.isDigit(written.charAt(0))) {
      return count(Quantity.NUMBER, written, word);
    }
    int colon = written.indexOf(':');
    if (written.length() > DIGITS_MAX) return Double.NaN;
    var hours = colon < 0 ? written : written.substring(0, colon);
    var minutes = colon < 0 ? "0" : written.substring(colon + 1);
    return isDigits(hours) && isDigits(minutes)
        ? Integer.parseInt(hours) + Integer.parseInt(minutes) / 60.0
        : Double.NaN;
  }

  private static boolean isDigits(String written) {
    return !written.isEmpty() && written.chars().allMatch(c -> Spelling.isDigit((char) c));
  }

  /** How much a word counts of that, or NaN. */
  double count(Quantity quantity, int word) {
    return quantities.get(quantity).getOrDefault(word, Double.NaN);
  }

  /** The same, also with an "and" written against the word. */
  double count(Quantity quantity, String written, int word) {
    double alone = count(quantity, word);
    return Double.isNaN(alone) && written.length() > 2 && written.charAt(0) == 'و'
        ? count(quantity, exact(written.substring(1)))
        : alone;
  }

  /** Whether a word of its own has that sense. */
  boolean isAlone(int word, Sense sense) {
    return word >= 0 && alone.contains(key(word, sense));
  }

  private static long key(int word, Sense sense) {
    return (long) word * Sense.ALL.length + sense.ordinal();
  }

  /**
   * The number of the one known word that is a slip away: a letter too many, too few, other, or two
   * exchanged; -1 when there is none, or more than one.
   */
  int mended(String written) {
    if (written.length() < MIN_TO_MEND) {
      return -1;
    }
    var near = new TreeSet<Integer>();
    near(written, written, near);
    for (var shorter : deletions(written)) {
      near(shorter, written, near);
    }
    return near.size() == 1 ? near.getFirst() : -1;
  }

  private void near(String key, String written, Set<Integer> near) {
    int same = exact(key);
    if (same >= 0 && isSlip(key, written)) near.add(same);
    for (int word : mended.getOrDefault(key, NONE)) {
      if (isSlip(spelt.get(word), written)) near.add(word);
    }
  }

  // The first letter is hardly ever mistaken, and a digit is another number.
  private static boolean isSlip(String known, String written) {
    // In Arabic a letter more is often another word.
    if (Spelling.isArabic(known.charAt(0)) && known.length() != written.length()) return false;
    if (known.length() < MIN_TO_MEND || known.charAt(0) != written.charAt(0)) return false;
    int from = 0;
    int shorter = Math.min(known.length(), written.length());
    while (from < shorter && known.charAt(from) == written.charAt(from)) from++;
    int end = 0;
    while (end < shorter - from
        && known.charAt(known.length() - 1 - end) == written.charAt(written.length() - 1 - end)) {
      end++;
    }
    int left = known.length() - from - end;
    int right = written.length() - from - end;
    boolean exchanged =
        left == 2
            && right == 2
            && known.charAt(from) == written.charAt(from + 1)
            && known.charAt(from + 1) == written.charAt(from);
    return exchanged || (left <= 1 && right <= 1);
  }

  private static List<String> deletions(String word) {
    var shorter = new ArrayList<String>(word.length());
    for (int at = 0; at < word.length(); at++) {
      shorter.add(word.substring(0, at) + word.substring(at + 1));
    }
    return shorter;
  }

  private static final int[] NONE = {};

  private static int[] joined(int[] some, int[] more) {
    var all = Arrays.copyOf(some, some.length + 1);
    all[some.length] = more[0];
    return all;
  }

  // --- phrases

  /**
   * The longest phrase that begins there, or null.
   *
   * @param end the phrase must not reach beyond
   */
  Match longest(int[] written, int from, int end, boolean onSite) {
    if (written[from] < 0 || byFirst[written[from]] == null) {
      return null;
    }
    var patterns = beginning(written[from], from + 1 < end ? written[from + 1] : -1);
    int longest = 0;
    Sense sense = null;
    for (var pattern : patterns) {
      int length = length(pattern.slots(), 1, written, from + 1, end) - from;
      if (length > longest
          || (length == longest && length > 0 && isGraver(pattern.sense(), sense, onSite))) {
        longest = length;
        sense = pattern.sense();
      }
    }
    return sense == null ? null : new Match(sense, longest);
  }

  // Some words begin hundreds of phrases; few of them go on with the next word.
  private Pattern[] beginning(int first, int next) {
    long pair = (long) first << Integer.SIZE | next & 0xffff_ffffL;
    var known = byPair.get(pair);
    if (known == null) {
      known =
          Arrays.stream(byFirst[first])
              .filter(
                  pattern ->
                      pattern.slots().length == 1
                          || pattern.slots()[1].optional()
                          || (next >= 0 && pattern.slots()[1].takes(next)))
              .toArray(Pattern[]::new);
      if (byPair.size() < PAIRS_MAX) byPair.put(pair, known);
    }
    return known;
  }

  private static boolean isGraver(Sense one, Sense other, boolean onSite) {
    boolean neutral = one.saysNothing() || other.saysNothing();
    if (!neutral && one.isOfTheEnd() != other.isOfTheEnd()) {
      return one.isOfTheEnd() == onSite;
    }
    return one.ordinal() < other.ordinal();
  }

  // Where the slots from this one on end at the furthest; -1 when they do not fit.
  private static int length(Slot[] slots, int slot, int[] written, int at, int end) {
    if (slot == slots.length) {
      return at;
    }
    int with =
        at < end && slots[slot].takes(written[at])
            ? length(slots, slot + 1, written, at + 1, end)
            : -1;
    return with < 0 && slots[slot].optional() ? length(slots, slot + 1, written, at, end) : with;
  }

  // --- tables

  private void readTable(String file) {
    var section = "";
    int number = 0;
    for (var line : lines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        if (line.startsWith("[")) {
          section = line.substring(1, line.indexOf(']'));
        } else {
          for (var phrase : line.split("[,،]")) {
            put(section, phrase.strip());
          }
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException("meaning/" + file + ":" + number + ": " + e.getMessage());
      }
    }
  }

  private void put(String section, String phrase) {
    if (phrase.isEmpty()) {
      return;
    }
    switch (section) {
      case "number" -> quantify(phrase, Quantity.NUMBER, Phrases::number);
      case "unit" -> quantify(phrase, Quantity.UNIT, Phrases::minutes);
      case "prayer" ->
          quantify(
              phrase,
              Quantity.PRAYER,
              name -> Whereabouts.Prayer.valueOf(name.toUpperCase(Locale.ROOT)).ordinal());
      case "kin" -> quantify(phrase, Quantity.KIN, Phrases::number);
      case "daypart" -> quantify(phrase, Quantity.DAYPART, name -> name.equals("am") ? 0 : 12);
      default -> add(phrase, Sense.valueOf(section.toUpperCase(Locale.ROOT)));
    }
  }

  private void quantify(String line, Quantity quantity, ToDoubleFunction<String> valued) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(line + " has no value");
    }
    double count = valued.applyAsDouble(line.substring(equals + 1).strip());
    for (var word : line.substring(0, equals).split("\\|")) {
      quantities.get(quantity).putIfAbsent(numbered(Spelling.word(word)), count);
    }
  }

  private static double number(String name) {
    return switch (name) {
      case "½" -> 0.5;
      case "¼" -> 0.25;
      case "⅓" -> 1.0 / 3;
      default -> Double.parseDouble(name);
    };
  }

  private static double minutes(String name) {
    int digits = 0;
    while (Spelling.isDigit(name.charAt(digits))) digits++;
    int times = digits == 0 ? 1 : Integer.parseInt(name.substring(0, digits));
    return times
        * switch (name.substring(digits)) {
          case "sec" -> 0;
          case "min" -> 1;
          case "hour" -> 60;
          case "day" -> 24 * 60;
          default -> throw new IllegalArgumentException("no such unit: " + name);
        };
  }

  // "a~b|c d" is "a b d" and "c d".
  private void add(String phrase, Sense sense) {
    var places = List.of(phrase.split("\\s+"));
    for (int at = 0; at < places.size(); at++) {
      var place = places.get(at);
      if (place.contains("~")) {
        var choices = List.of(place.split("\\|"));
        for (var choice : choices) {
          if (choice.contains("~")) addWith(places, at, choice.replace('~', ' '), sense);
        }
        var rest = choices.stream().filter(c -> !c.contains("~")).collect(joining("|"));
        if (!rest.isEmpty()) addWith(places, at, rest, sense);
        return;
      }
    }
    addPlain(phrase, sense);
  }

  private void addWith(List<String> places, int at, String choice, Sense sense) {
    var with = new ArrayList<>(places);
    with.set(at, choice);
    add(String.join(" ", with), sense);
  }

  private void addPlain(String phrase, Sense sense) {
    var slots = new ArrayList<Slot>();
    for (var place : phrase.split("\\s+")) {
      slots.addAll(slots(place));
    }
    if (slots.stream().allMatch(Slot::optional)) {
      throw new IllegalArgumentException(phrase + " may be nothing");
    }
    // One that may begin with nothing is kept once for each of its beginnings.
    for (int first = 0; first < slots.size(); first++) {
      var rest = slots.subList(first, slots.size()).toArray(Slot[]::new);
      for (int word : rest[0].words()) {
        starting.computeIfAbsent(word, w -> new ArrayList<>()).add(new Pattern(rest, sense));
        if (rest.length == 1) alone.add(key(word, sense));
      }
      if (!slots.get(first).optional()) {
        break;
      }
    }
  }

  // A sign of several characters takes several places.
  private List<Slot> slots(String place) {
    var choices = place.split("\\|");
    boolean optional = List.of(choices).contains("_");
    if (choices.length == 1) {
      return Spelling.tokens(place).stream()
          .map(token -> new Slot(new int[] {numbered(token.word())}, false))
          .toList();
    }
    var words =
        Arrays.stream(choices)
            .filter(choice -> !choice.equals("_"))
            .map(Spelling::word)
            .filter(word -> !word.isEmpty())
            .mapToInt(word -> numbered(word))
            .sorted()
            .distinct()
            .toArray();
    return List.of(new Slot(words, optional));
  }

  private int numbered(String word) {
    if (word.isEmpty()) {
      throw new IllegalArgumentException("a word without letters");
    }
    return words.computeIfAbsent(
        word,
        w -> {
          spelt.add(w);
          return spelt.size() - 1;
        });
  }

  private static List<String> lines(String file) {
    try (var in = Phrases.class.getResourceAsStream("/meaning/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
