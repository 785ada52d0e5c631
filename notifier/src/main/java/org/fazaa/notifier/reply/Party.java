package org.fazaa.notifier.reply;

import java.util.List;
import java.util.Set;
import org.fazaa.notifier.reply.Phrases.Quantity;
import org.fazaa.notifier.reply.Spelling.Token;

/** How many come, the writer among them. */
final class Party {
  private static final int MOST = 200;

  /** The writer is among those who are counted. */
  private static final Set<String> WE =
      Set.of(
          "we",
          "us",
          "our",
          "were",
          "احنا",
          "حنا",
          "نحن",
          "عددنا",
          "كلنا",
          "العدد",
          "احناا",
          "جايين",
          "بنجي",
          "e7na",
          "ehna",
          "ihna",
          "hum",
          "ham",
          "7na",
          "ne7na",
          "na7nu",
          "nahnu",
          "ہم",
          "هم",
          "kami",
          "اهنا",
          "كاملين",
          "فريقنا",
          "مجموعتنا",
          "قروبنا");

  /** Those who are counted come with the writer. */
  private static final Set<String> WITH =
      Set.of(
          "me",
          "with",
          "w",
          "plus",
          "+",
          "bringing",
          "bring",
          "taking",
          "myself",
          "i",
          "and",
          "n",
          "&",
          "معي",
          "معاي",
          "معايا",
          "ومعي",
          "انا",
          "جايب",
          "بجيب",
          "اجيب",
          "جبت",
          "ana",
          "m3ay",
          "ma3i",
          "ma3ay",
          "main",
          "mein",
          "mere",
          "saath",
          "sath",
          "اور",
          "میں",
          "مين",
          "وياي",
          "مع",
          "جايني",
          "زياده",
          "extra",
          "more",
          "ماخذ",
          "me3i",
          "m3i",
          "wayay");

  private Party() {}

  /** Null when it is not said. */
  static Integer of(List<Token> tokens, int[] words) {
    var phrases = Phrases.all();
    boolean we = false;
    boolean with = false;
    int kin = 0;
    boolean several = false;
    for (int at = 0; at < words.length; at++) {
      var word = tokens.get(at).word();
      we |= WE.contains(word);
      with |= WITH.contains(word);
      double number = phrases.number(word, words[at]);
      boolean answer =
          at == 0 && number == 1 && words.length > 1 && Spelling.isDigit(word.charAt(0));
      boolean clock = at + 1 < words.length && isOfClock(phrases, words[at + 1]);
      if (number >= 1 && number == Math.rint(number) && number <= MOST && !answer && !clock) {
        if (number > 1 || with) return (int) number + (with && !we ? 1 + kin : 0);
      }
      double one = phrases.count(Quantity.KIN, word, words[at]);
      if (one == 0) several = true;
      else if (one > 0) kin += (int) one;
    }
    return several || kin == 0 ? null : kin + 1;
  }

  private static boolean isOfClock(Phrases phrases, int word) {
    return !Double.isNaN(phrases.count(Quantity.UNIT, word))
        || !Double.isNaN(phrases.count(Quantity.DAYPART, word));
  }
}
