package org.fazaa.dispatcher.roster;

import java.util.Arrays;

/**
 * The people of one cell of the map, in blocks of which all but the last are full. For each skill
 * and language the full ones have a word each, a bit for each of their people, so that those who
 * have all that is asked for are found by a few operations on whole words.
 *
 * <p>The words are read without care: somebody whose skills, languages or place in memory change
 * is named among the {@link Moves}, and whom the words point out is looked at with care.
 */
final class Cell {
  static final Cell EMPTY = new Cell(new Block[0], 0, 0, 0, new long[0]);

  final Block[] blocks;
  private final long skills; // that have words
  private final int languages;
  private final int stride; // so many words for each of them
  private final long[] words;

  private Cell(Block[] blocks, long skills, int languages, int stride, long[] words) {
    this.blocks = blocks;
    this.skills = skills;
    this.languages = languages;
    this.stride = stride;
    this.words = words;
  }

  /** How many blocks are full and have words. */
  int full() {
    return blocks.length - 1;
  }

  /** Finds where the words of skills and languages are; false when somebody's are missing. */
  boolean find(int[] wantedSkills, int[] wantedLanguages, int[] skillsAt, int[] languagesAt) {
    for (var k = 0; k < wantedSkills.length; k++) {
      if ((skills >>> wantedSkills[k] & 1) == 0) return false;
      skillsAt[k] = skillAt(wantedSkills[k]);
    }
    var spoken = wantedLanguages.length == 0;
    for (var k = 0; k < wantedLanguages.length; k++) {
      var has = (languages >>> wantedLanguages[k] & 1) != 0;
      languagesAt[k] = has ? languageAt(wantedLanguages[k]) : -1;
      spoken |= has;
    }
    return spoken;
  }

  /** Which people of a full block have what was found, by bits. */
  long having(int[] skillsAt, int[] languagesAt, int block) {
    var who = -1L;
    for (var at : skillsAt) who &= words[at + block];
    if (who == 0 || languagesAt.length == 0) return who;
    var speak = 0L;
    for (var at : languagesAt) speak |= at < 0 ? 0 : words[at + block];
    return who & speak;
  }

  private int skillAt(int skill) {
    return Long.bitCount(skills & (1L << skill) - 1) * stride;
  }

  private int languageAt(int language) {
    return (Long.bitCount(skills) + Integer.bitCount(languages & (1 << language) - 1)) * stride;
  }

  // What follows is for the one who changes the roster.

  /** This cell with one more block; the last until now is full. */
  Cell with(Block next) {
    var more = Arrays.copyOf(blocks, blocks.length + 1);
    more[blocks.length] = next;
    if (blocks.length == 0) return new Cell(more, 0, 0, 0, words);
    var filled = blocks[blocks.length - 1];
    var wider = reshaped(more, skills | filled.skills, languages | filled.languages);
    wider.fill(blocks.length - 1, filled);
    return wider;
  }

  Cell withoutLast() {
    return new Cell(
        Arrays.copyOf(blocks, blocks.length - 1), skills, languages, stride, words);
  }

  /** One of a block has these skills and languages now; the block says what anybody has. */
  Cell changed(Block block, int i, long nowSkills, int nowLanguages) {
    var at = 0;
    while (blocks[at] != block) at++;
    if (at == full()) return this;
    var cell = reshaped(blocks, skills | nowSkills, languages | nowLanguages);
    for (var some = cell.skills; some != 0; some &= some - 1) {
      var skill = Long.numberOfTrailingZeros(some);
      cell.set(cell.skillAt(skill) + at, i, nowSkills >>> skill & 1);
    }
    for (var some = cell.languages; some != 0; some &= some - 1) {
      var language = Integer.numberOfTrailingZeros(some);
      cell.set(cell.languageAt(language) + at, i, nowLanguages >>> language & 1);
    }
    return cell;
  }

  private void set(int at, int i, long bit) {
    var word = words[at];
    var next = word & ~(1L << i) | bit << i;
    if (next != word) words[at] = next;
  }

  private Cell reshaped(Block[] next, long nextSkills, int nextLanguages) {
    var wide = next.length - 1 <= stride ? stride : Math.max(next.length - 1, stride * 5 / 4);
    if (wide == stride && nextSkills == skills && nextLanguages == languages) {
      return next == blocks ? this : new Cell(next, skills, languages, stride, words);
    }
    var count = Long.bitCount(nextSkills) + Integer.bitCount(nextLanguages);
    var cell = new Cell(next, nextSkills, nextLanguages, wide, new long[count * wide]);
    for (var some = skills; some != 0; some &= some - 1) {
      var skill = Long.numberOfTrailingZeros(some);
      System.arraycopy(words, skillAt(skill), cell.words, cell.skillAt(skill), stride);
    }
    for (var some = languages; some != 0; some &= some - 1) {
      var language = Integer.numberOfTrailingZeros(some);
      System.arraycopy(words, languageAt(language), cell.words, cell.languageAt(language), stride);
    }
    return cell;
  }

  private void fill(int block, Block full) {
    for (var at = block; at < words.length; at += stride) words[at] = 0;
    var room = Block.room(full.rows);
    for (var i = 0; i < full.size; i++) {
      for (var some = Columns.skills(full.rows, room, i); some != 0; some &= some - 1) {
        words[skillAt(Long.numberOfTrailingZeros(some)) + block] |= 1L << i;
      }
      for (var some = full.rows[Columns.LANGUAGES * room + i]; some != 0; some &= some - 1) {
        words[languageAt(Integer.numberOfTrailingZeros(some)) + block] |= 1L << i;
      }
    }
  }
}
