package org.fazaa.notifier.reply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fazaa.notifier.ShortCode;
import org.fazaa.notifier.reply.Reading.Why;

/**
 * Reads a reply by tables of phrases, one file per language under {@code meaning/}. The longest
 * phrase wins, so "no problem" is no "no"; and a word that no table knows sends the reply to a
 * person, so "yes but after 8" is no "yes". Nothing is guessed.
 */
final class Words {

  /** Answers are short. */
  private static final int TOKENS_MAX = 12;

  private static final int BODY_MAX = 200;

  /** What a phrase stands for. */
  private enum Sense {
    YES,
    NO,
    DROP,
    STOP,
    START,
    DANGER,
    /** Says nothing either way: please, thanks, my brother. */
    FILLER
  }

  private static final Map<List<String>, Sense> PHRASES = new HashMap<>();
  private static final int PHRASE_MAX;

  static {
    readTable("/meaning/en.txt");
    readTable("/meaning/ar.txt");
    PHRASE_MAX = PHRASES.keySet().stream().mapToInt(List::size).max().orElseThrow();
  }

  private Words() {}

  static Reading read(String body) {
    if (body.length() > BODY_MAX) {
      return person(null, Why.LONG);
    }
    var text = Spelling.fold(body);
    var codes = new TreeSet<String>();
    var tokens = new ArrayList<String>();
    for (var token : Spelling.words(text)) {
      var found = ShortCode.find(token);
      found.ifPresent(code -> codes.add(code.code()));
      if (found.isEmpty()) {
        tokens.add(token);
      } else {
        found.get().digit().ifPresent(tokens::add);
      }
    }
    if (codes.size() > 1) {
      return person(null, Why.CODES);
    }
    return decide(text, tokens, codes.isEmpty() ? null : codes.first());
  }

  private static Reading decide(String text, List<String> tokens, String code) {
    if (tokens.isEmpty()) {
      return person(code, Why.EMPTY);
    }
    if (tokens.size() > TOKENS_MAX) {
      return person(code, Why.LONG);
    }
    var senses = EnumSet.noneOf(Sense.class);
    boolean allKnown = cover(tokens, senses);
    if (senses.contains(Sense.DANGER)) {
      return person(code, Why.DANGER);
    }
    senses.remove(Sense.FILLER);
    if (senses.contains(Sense.DROP)) {
      senses.remove(Sense.NO); // "sorry, have to cancel"
    }
    if (text.indexOf('?') >= 0 || text.indexOf('؟') >= 0) {
      return person(code, Why.QUESTION);
    }
    if (!allKnown || senses.isEmpty()) {
      return person(code, Why.UNSURE);
    }
    if (senses.size() > 1) {
      return person(code, Why.MIXED);
    }
    var why = tokens.stream().allMatch(Words::isDigit) ? Why.DIGIT : Why.WORDS;
    return switch (senses.iterator().next()) {
      case YES -> Reading.sure(Meaning.YES, code, why);
      case NO -> Reading.sure(Meaning.NO, code, why);
      case DROP -> Reading.sure(Meaning.DROP, code, why);
      case STOP -> Reading.sure(Meaning.STOP, code, why);
      case START -> Reading.sure(Meaning.START, code, why);
      case DANGER, FILLER -> person(code, Why.UNSURE);
    };
  }

  private static Reading person(String code, Why why) {
    return Reading.sure(Meaning.PERSON, code, why);
  }

  /** Covers the reply with phrases, longest first; false when a word is in none. */
  private static boolean cover(List<String> tokens, Set<Sense> senses) {
    boolean allKnown = true;
    for (int at = 0; at < tokens.size(); ) {
      int length = Math.min(PHRASE_MAX, tokens.size() - at);
      while (length > 0 && !PHRASES.containsKey(tokens.subList(at, at + length))) {
        length--;
      }
      if (length == 0) {
        allKnown = false;
        at++;
      } else {
        senses.add(PHRASES.get(tokens.subList(at, at + length)));
        at += length;
      }
    }
    return allKnown;
  }

  private static boolean isDigit(String token) {
    return token.length() == 1 && Character.isDigit(token.charAt(0));
  }

  // --- tables

  private static void readTable(String resource) {
    Sense sense = null;
    for (var line : lines(resource)) {
      if (line.startsWith("[")) {
        sense = Sense.valueOf(line.substring(1, line.length() - 1).toUpperCase(Locale.ROOT));
        continue;
      }
      for (var phrase : line.split("[,،]")) {
        put(Spelling.words(Spelling.fold(phrase)), sense, resource);
      }
    }
  }

  private static void put(List<String> phrase, Sense sense, String resource) {
    var before = PHRASES.put(phrase, sense);
    if (phrase.isEmpty() || (before != null && before != sense)) {
      throw new IllegalStateException(resource + ": " + phrase + " is " + sense + " and " + before);
    }
  }

  private static List<String> lines(String resource) {
    try (var in = Words.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
