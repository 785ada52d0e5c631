package org.fazaa.dispatcher.roster;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.fazaa.dispatcher.people.Skill;

/**
 * Until when some people's skills are proven, a long for each proof: whose it is among the people
 * of one block, which skill, and the last day. Nearly nobody has any, and nothing is kept for them.
 */
final class Proofs {
  static final long[] NONE = {};

  private static final int SKILL_AT = 32;
  private static final int ROW_AT = 38;
  private static final long OF_ONE = (1L << ROW_AT) - 1;
  private static final Skill[] SKILLS = Skill.values();

  private Proofs() {}

  /** The proofs of one person, as the first of their block. */
  static long[] of(Map<Skill, LocalDate> until) {
    if (until.isEmpty()) return NONE;
    return until.entrySet().stream()
        .mapToLong(
            proof ->
                (long) proof.getKey().ordinal() << SKILL_AT
                    | day(proof.getValue()) & 0xffff_ffffL)
        .sorted()
        .toArray();
  }

  // Days in an int reach farther than anybody lives; what lies outside is as good as the end.
  private static int day(LocalDate day) {
    return Math.clamp(day.toEpochDay(), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** The proofs of one among these, as if they were the first. */
  static long[] only(long[] all, int row) {
    if (all.length == 0) return NONE;
    return Arrays.stream(all)
        .filter(proof -> proof >>> ROW_AT == row)
        .map(proof -> proof & OF_ONE)
        .toArray();
  }

  /** These proofs when this one of them has those instead. */
  static long[] with(long[] all, int row, long[] own) {
    if (all.length == 0 && own.length == 0) return NONE;
    var others = Arrays.stream(all).filter(proof -> proof >>> ROW_AT != row);
    var mine = Arrays.stream(own).map(proof -> proof | (long) row << ROW_AT);
    return LongStream.concat(others, mine).toArray();
  }

  static Map<Skill, LocalDate> toMap(long[] own) {
    if (own.length == 0) return Map.of();
    var until = new EnumMap<Skill, LocalDate>(Skill.class);
    for (var proof : own) {
      var day = (int) proof;
      until.put(
          SKILLS[(int) (proof >>> SKILL_AT)],
          day == Integer.MAX_VALUE ? LocalDate.MAX : LocalDate.ofEpochDay(day));
    }
    return until;
  }
}
