package org.fazaa.dispatcher.roster;

import java.util.Arrays;

/**
 * The people of one cell of the map, in blocks of which all but the last are full. Where there are
 * several, each skill and language has a word for each block, a bit for each of its people, so that
 * those who have all that is asked for are found by a few operations on whole words.
 *
 * <p>The words are read without care: somebody whose skills, languages or place in memory change is
 * named among the {@link Moves}, and whom the words point out is looked at with care.
 */
final class Cell {
  private static final long[] NO_WORDS = {};
  static final Cell EMPTY = new Cell(new Block[0], 0, 0, 0, NO_WORDS);

  final Block[] blocks;
  private final long skills;
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

  /** Everybody lives in one block, so there are no words. */
  boolean isOneBlock() {
    return blocks.length == 1;
  }

  /** What anybody may have; nobody has another. */
  long skills() {
    return skills;
  }

  /** Whether anybody may have all these skills and one of these languages. */
  boolean mayHave(long wantedSkills, int wantedLanguages) {
    return (skills & wantedSkills) == wantedSkills
        && (wantedLanguages == 0 || (languages & wantedLanguages) != 0);
  }

  /** Finds where the words of skills and languages are, of those that {@link #mayHave}. */
  void find(int[] wantedSkills, int[] wantedLanguages, int[] skillsAt, int[] languagesAt) {
    for (var k = 0; k < wantedSkills.length; k++) skillsAt[k] = skillAt(wantedSkills[k]);
    for (var k = 0; k < wantedLanguages.length; k++) {
      var has = (languages >>> wantedLanguages[k] & 1) != 0;
      languagesAt[k] = has ? languageAt(wantedLanguages[k]) : -1;
    }
  }

  /** Which people of a block have what was found, by bits. */
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
    var count = blocks.length;
    var more = Arrays.copyOf(blocks, count + 1);
    more[count] = next;
    var cell = reshaped(more, skills | next.skills, languages | next.languages);
    if (count == 1) cell.fill(0);
    if (count > 0) cell.fill(count);
    return cell;
  }

  Cell withoutLast() {
    var fewer = Arrays.copyOf(blocks, blocks.length - 1);
    return fewer.length == 1
        ? new Cell(fewer, fewer[0].skills, fewer[0].languages, 0, NO_WORDS)
        : new Cell(fewer, skills, languages, stride, words);
  }

  /** This cell when one of a block had these skills and languages, and now has those. */
  Cell changed(
      Block block, int i, long hadSkills, int hadLanguages, long nowSkills, int nowLanguages) {
    var cell = reshaped(blocks, skills | nowSkills, languages | nowLanguages);
    if (isOneBlock()) return cell;
    var at = blocks.length - 1;
    while (blocks[at] != block) at--;
    for (var some = hadSkills ^ nowSkills; some != 0; some &= some - 1) {
      var skill = Long.numberOfTrailingZeros(some);
      cell.words[cell.skillAt(skill) + at] ^= 1L << i;
    }
    for (var some = hadLanguages ^ nowLanguages; some != 0; some &= some - 1) {
      var language = Integer.numberOfTrailingZeros(some);
      cell.words[cell.languageAt(language) + at] ^= 1L << i;
    }
    return cell;
  }

  /** The same, with all that belongs to it side by side in memory. */
  Cell compact() {
    var cell = new Cell(blocks.clone(), skills, languages, stride, words.clone());
    for (var i = 0; i < blocks.length; i++) cell.blocks[i] = blocks[i].compact();
    return cell;
  }

  private Cell reshaped(Block[] next, long nextSkills, int nextLanguages) {
    var wide = stride;
    if (next.length > 1 && next.length > stride) wide = Math.max(next.length, stride * 5 / 4);
    if (wide == stride && nextSkills == skills && nextLanguages == languages) {
      return next == blocks ? this : new Cell(next, skills, languages, stride, words);
    }
    var count = Long.bitCount(nextSkills) + Integer.bitCount(nextLanguages);
    var room = wide == 0 ? NO_WORDS : new long[count * wide];
    var cell = new Cell(next, nextSkills, nextLanguages, wide, room);
    if (stride == 0) return cell;
    for (var some = skills; some != 0; some &= some - 1) {
      var skill = Long.numberOfTrailingZeros(some);
      System.arraycopy(words, skillAt(skill), room, cell.skillAt(skill), stride);
    }
    for (var some = languages; some != 0; some &= some - 1) {
      var language = Integer.numberOfTrailingZeros(some);
      System.arraycopy(words, languageAt(language), room, cell.languageAt(language), stride);
    }
    return cell;
  }

  private void fill(int block) {
    for (var at = block; at < words.length; at += stride) words[at] = 0;
    var rows = blocks[block].rows;
    var room = Block.room(rows);
    for (var i = 0; i < blocks[block].size; i++) {
      for (var some = Columns.skills(rows, room, i); some != 0; some &= some - 1) {
        words[skillAt(Long.numberOfTrailingZeros(some)) + block] |= 1L << i;
      }
      for (var some = rows[Columns.LANGUAGES * room + i]; some != 0; some &= some - 1) {
        words[languageAt(Integer.numberOfTrailingZeros(some)) + block] |= 1L << i;
      }
    }
  }
}
