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
 * change touches little memory. Times are seconds, places floats (two metres), answers and fatigue
 * parts of 256.
 */
final class Columns {
  static final int SKILLS_LOW = 0;
  static final int SKILLS_HIGH = 1;
  static final int LANGUAGES = 2;

  /** So many columns lie side by side; what follows lies person by person. */
  static final int COLUMNS = 3;

  static final int ID = 0;
  static final int LON = 1;
  static final int LAT = 2;

  /** The number of their week, and the flags below it. */
  static final int HOURS = 3;

  static final int PAUSED_UNTIL = 4;
  static final int BUSY_FROM = 5;
  static final int BUSY_UNTIL = 6;
  static final int LAST_ASKED = 7;
  static final int CONTACT_AT = 8;

  /** Fatigue, and the day of birth below it. */
  static final int FATIGUE = 9;

  static final int LIFE = 10;
  static final int URGENT = 11;
  static final int PLANNED = 12;
  static final int ORGANISATION = 13;
  static final int DETAILS = 14;

  static final int WIDTH = COLUMNS + DETAILS;

  static final int FLAG_BITS = 3;
  static final int ACTIVE = 1;
  static final int CONSENTED = 2;
  static final int STOPPED = 4;

  /** No such time, or no such day. */
  static final int NONE = Integer.MIN_VALUE;

  private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
  private static final int PARTS = 256;
  private static final int HALF = 0xffff;

  /** Days of birth are counted from this one, from 1 on; 0 is not known. */
  private static final int BORN_EPOCH = (int) LocalDate.of(1899, 12, 31).toEpochDay();

  private Columns() {}

  /** Writes one person where there is room for one. */
  static void write(Person one, int week, int[] to) {
    to[SKILLS_LOW] = (int) one.skills();
    to[SKILLS_HIGH] = (int) (one.skills() >>> 32);
    to[LANGUAGES] = one.languages();
    var id = one.id().value();
    if (id >>> 32 != 0) throw new IllegalArgumentException("no such number: " + id);
    var history = one.history();
    to[COLUMNS + ID] = (int) id;
    to[COLUMNS + LON] = Float.floatToRawIntBits((float) one.place().lon());
    to[COLUMNS + LAT] = Float.floatToRawIntBits((float) one.place().lat());
    to[COLUMNS + HOURS] =
        week << FLAG_BITS
            | (one.active() ? ACTIVE : 0)
            | (one.consented() ? CONSENTED : 0)
            | (one.stopped() ? STOPPED : 0);
    to[COLUMNS + PAUSED_UNTIL] = seconds(one.pausedUntil());
    to[COLUMNS + BUSY_FROM] = seconds(one.busyFrom());
    to[COLUMNS + BUSY_UNTIL] = seconds(one.busyUntil());
    to[COLUMNS + LAST_ASKED] = seconds(one.lastAsked());
    to[COLUMNS + CONTACT_AT] = seconds(history.at());
    to[COLUMNS + FATIGUE] = parts(history.fatigue()) << 16 | bornDay(one.born());
    to[COLUMNS + LIFE] = tally(history.life());
    to[COLUMNS + URGENT] = tally(history.urgent());
    to[COLUMNS + PLANNED] = tally(history.planned());
    to[COLUMNS + ORGANISATION] = Math.toIntExact(one.organisation());
  }

  /** Copies a person from one place for some to another; the second may begin anywhere. */
  static void copy(int[] from, int room, int i, int[] to, int toAt, int toRoom, int toI) {
    for (var column = 0; column < COLUMNS; column++) {
      to[toAt + column * toRoom + toI] = from[column * room + i];
    }
    System.arraycopy(
        from,
        COLUMNS * room + i * DETAILS,
        to,
        toAt + COLUMNS * toRoom + toI * DETAILS,
        DETAILS);
  }

  static int detail(int[] from, int room, int i, int detail) {
    return from[COLUMNS * room + i * DETAILS + detail];
  }

  static long id(int[] from, int room, int i) {
    return Integer.toUnsignedLong(detail(from, room, i, ID));
  }

  static long skills(int[] from, int room, int i) {
    return whole(from[SKILLS_LOW * room + i], from[SKILLS_HIGH * room + i]);
  }

  static long whole(int low, int high) {
    return (long) high << 32 | low & 0xffff_ffffL;
  }

  /** The number of the cell of the map that they live in. */
  static int cell(int[] from, int room, int i) {
    return Cells.number(
        decimal(detail(from, room, i, LON)), decimal(detail(from, room, i, LAT)));
  }

  static int week(int[] from, int room, int i) {
    return detail(from, room, i, HOURS) >>> FLAG_BITS;
  }

  /** The skills that somebody active has. */
  static long activeSkills(int[] from, int room, int i) {
    return (detail(from, room, i, HOURS) & ACTIVE) == 0 ? 0 : skills(from, room, i);
  }

  /** The person who was written where there is room for one. */
  static Person person(int[] row, Week week, long[] proofs) {
    var flags = row[COLUMNS + HOURS];
    var born = born(row[COLUMNS + FATIGUE]);
    return new Person(
        new VolunteerId(id(row, 1, 0)),
        new Point(decimal(row[COLUMNS + LON]), decimal(row[COLUMNS + LAT])),
        skills(row, 1, 0),
        row[LANGUAGES],
        week,
        (flags & ACTIVE) != 0,
        (flags & CONSENTED) != 0,
        (flags & STOPPED) != 0,
        born == NONE ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(born)),
        instant(row[COLUMNS + PAUSED_UNTIL]),
        instant(row[COLUMNS + BUSY_FROM]),
        instant(row[COLUMNS + BUSY_UNTIL]),
        instant(row[COLUMNS + LAST_ASKED]),
        history(row, 0),
        row[COLUMNS + ORGANISATION],
        Proofs.toMap(proofs));
  }

  /** The history of somebody who was written, at this index, where there is room for one. */
  static History history(int[] rows, int at) {
    var details = at + COLUMNS;
    return new History(
        tally(rows[details + LIFE]),
        tally(rows[details + URGENT]),
        tally(rows[details + PLANNED]),
        fatigue(rows[details + FATIGUE]),
        Instant.ofEpochSecond(EPOCH + rows[details + CONTACT_AT]));
  }

  static double decimal(int bits) {
    return Float.intBitsToFloat(bits);
  }

  static double fatigue(int withBorn) {
    return (double) (withBorn >>> 16) / PARTS;
  }

  /** The day of birth in the count of {@link LocalDate#toEpochDay}, or {@link #NONE}. */
  static int born(int withFatigue) {
    var day = withFatigue & HALF;
    return day == 0 ? NONE : day + BORN_EPOCH;
  }

  // From 1900 to 2079: who was born before that is of age, and so is nobody born after.
  private static int bornDay(Optional<LocalDate> born) {
    return born.isEmpty() ? 0 : (int) Math.clamp(born.get().toEpochDay() - BORN_EPOCH, 1L, HALF);
  }

  private static int tally(Tally tally) {
    return parts(tally.yes()) << 16 | parts(tally.no());
  }

  private static int parts(double whole) {
    return (int) Math.min(Math.round(whole * PARTS), HALF);
  }

  private static Tally tally(int both) {
    if (both == 0) return Tally.NONE;
    return new Tally((double) (both >>> 16) / PARTS, (double) (both & HALF) / PARTS);
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
