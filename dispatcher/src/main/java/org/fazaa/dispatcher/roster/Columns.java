package org.fazaa.dispatcher.roster;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * How people are written down as ints, {@link #WIDTH} each. What turns most of them away lies side
 * by side, a column of all skills, of all languages; the rest lies person by person, so that a
 * change touches little memory. Times are seconds, places floats: about two metres.
 */
final class Columns {
  static final int SKILLS_LOW = 0;
  static final int SKILLS_HIGH = 1;
  static final int LANGUAGES = 2;

  /** The number of their week, and the flags below it. */
  static final int HOURS = 3;

  static final int FLAG_BITS = 3;
  static final int ACTIVE = 1;
  static final int CONSENTED = 2;
  static final int STOPPED = 4;

  /** So many columns lie side by side; what follows lies person by person. */
  static final int COLUMNS = 4;

  static final int ID_LOW = 0;
  static final int ID_HIGH = 1;
  static final int LON = 2;
  static final int LAT = 3;
  static final int BORN = 4;
  static final int PAUSED_UNTIL = 5;
  static final int BUSY_FROM = 6;
  static final int BUSY_UNTIL = 7;
  static final int LAST_ASKED = 8;
  static final int CONTACT_AT = 9;
  static final int FATIGUE = 10;
  static final int LIFE = 11;
  static final int URGENT = 12;
  static final int PLANNED = 13;
  static final int ORGANISATION = 14;
  static final int DETAILS = 15;

  static final int WIDTH = COLUMNS + DETAILS;

  /** No such time, or no such day. */
  static final int NONE = Integer.MIN_VALUE;

  private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();

  /** Answers are counted to this part of one, up to 255 of them. */
  private static final int TALLY_PARTS = 256;

  private Columns() {}

  /** Writes one person where there is room for one. */
  static void write(Person one, int week, int[] to) {
    to[SKILLS_LOW] = (int) one.skills();
    to[SKILLS_HIGH] = (int) (one.skills() >>> 32);
    to[LANGUAGES] = one.languages();
    to[HOURS] =
        week << FLAG_BITS
            | (one.active() ? ACTIVE : 0)
            | (one.consented() ? CONSENTED : 0)
            | (one.stopped() ? STOPPED : 0);
    var id = one.id().value();
    var history = one.history();
    to[COLUMNS + ID_LOW] = (int) id;
    to[COLUMNS + ID_HIGH] = (int) (id >>> 32);
    to[COLUMNS + LON] = Float.floatToRawIntBits((float) one.place().lon());
    to[COLUMNS + LAT] = Float.floatToRawIntBits((float) one.place().lat());
    to[COLUMNS + BORN] = one.born().isPresent() ? day(one.born().get()) : NONE;
    to[COLUMNS + PAUSED_UNTIL] = seconds(one.pausedUntil());
    to[COLUMNS + BUSY_FROM] = seconds(one.busyFrom());
    to[COLUMNS + BUSY_UNTIL] = seconds(one.busyUntil());
    to[COLUMNS + LAST_ASKED] = seconds(one.lastAsked());
    to[COLUMNS + CONTACT_AT] = seconds(history.at());
    to[COLUMNS + FATIGUE] = Float.floatToRawIntBits((float) history.fatigue());
    to[COLUMNS + LIFE] = tally(history.life());
    to[COLUMNS + URGENT] = tally(history.urgent());
    to[COLUMNS + PLANNED] = tally(history.planned());
    to[COLUMNS + ORGANISATION] = Math.toIntExact(one.organisation());
  }

  /** Copies a person from one place for some to another; either may begin anywhere. */
  static void copy(
      int[] from, int at, int room, int i, int[] to, int toAt, int toRoom, int toI) {
    for (var column = 0; column < COLUMNS; column++) {
      to[toAt + column * toRoom + toI] = from[at + column * room + i];
    }
    System.arraycopy(
        from,
        at + COLUMNS * room + i * DETAILS,
        to,
        toAt + COLUMNS * toRoom + toI * DETAILS,
        DETAILS);
  }

  static int detail(int[] from, int room, int i, int detail) {
    return from[COLUMNS * room + i * DETAILS + detail];
  }

  /** The number of the cell of the map that they live in. */
  static int cell(int[] from, int room, int i) {
    return Cells.number(
        decimal(detail(from, room, i, LON)), decimal(detail(from, room, i, LAT)));
  }

  static int week(int[] from, int room, int i) {
    return from[HOURS * room + i] >>> FLAG_BITS;
  }

  /** The skills that somebody active has. */
  static long activeSkills(int[] from, int room, int i) {
    return (from[HOURS * room + i] & ACTIVE) == 0 ? 0 : skills(from, room, i);
  }

  static long id(int[] from, int at, int room, int i) {
    var details = at + COLUMNS * room + i * DETAILS;
    return whole(from[details + ID_LOW], from[details + ID_HIGH]);
  }

  static long skills(int[] from, int room, int i) {
    return whole(from[SKILLS_LOW * room + i], from[SKILLS_HIGH * room + i]);
  }

  static long whole(int low, int high) {
    return (long) high << 32 | low & 0xffff_ffffL;
  }

  /** The person who was written where there is room for one. */
  static Person person(int[] row, Week week, long[] proofs) {
    var flags = row[HOURS];
    return new Person(
        new VolunteerId(id(row, 0, 1, 0)),
        new Point(decimal(row[COLUMNS + LON]), decimal(row[COLUMNS + LAT])),
        skills(row, 1, 0),
        row[LANGUAGES],
        week,
        (flags & ACTIVE) != 0,
        (flags & CONSENTED) != 0,
        (flags & STOPPED) != 0,
        day(row[COLUMNS + BORN]),
        instant(row[COLUMNS + PAUSED_UNTIL]),
        instant(row[COLUMNS + BUSY_FROM]),
        instant(row[COLUMNS + BUSY_UNTIL]),
        instant(row[COLUMNS + LAST_ASKED]),
        history(row, 0, 1, 0),
        row[COLUMNS + ORGANISATION],
        Proofs.toMap(proofs));
  }

  static History history(int[] from, int at, int room, int i) {
    var details = at + COLUMNS * room + i * DETAILS;
    return new History(
        tally(from[details + LIFE]),
        tally(from[details + URGENT]),
        tally(from[details + PLANNED]),
        decimal(from[details + FATIGUE]),
        Instant.ofEpochSecond(EPOCH + from[details + CONTACT_AT]));
  }

  static double decimal(int bits) {
    return Float.intBitsToFloat(bits);
  }

  private static int tally(Tally tally) {
    return parts(tally.yes()) << 16 | parts(tally.no());
  }

  private static int parts(double answers) {
    return (int) Math.min(Math.round(answers * TALLY_PARTS), 0xffff);
  }

  private static Tally tally(int both) {
    if (both == 0) return Tally.NONE;
    return new Tally((double) (both >>> 16) / TALLY_PARTS, (double) (both & 0xffff) / TALLY_PARTS);
  }

  /** Days in an int reach farther than anybody lives; what lies outside is as good as the end. */
  static int day(LocalDate day) {
    return (int) Math.clamp(day.toEpochDay(), NONE + 1L, Integer.MAX_VALUE);
  }

  private static Optional<LocalDate> day(int day) {
    return day == NONE ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(day));
  }

  private static int seconds(Optional<Instant> instant) {
    return instant.isPresent() ? seconds(instant.get()) : NONE;
  }

  /** Whole seconds in an int reach from 1952 to 2088; what lies outside is as good as the end. */
  static int seconds(Instant instant) {
    return (int) Math.clamp(instant.getEpochSecond() - EPOCH, NONE + 1L, Integer.MAX_VALUE);
  }

  static Optional<Instant> instant(int seconds) {
    return seconds == NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(EPOCH + seconds));
  }
}
