package org.fazaa.dispatcher.rehearsal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A time as feeds write it: ISO with or without zone and seconds, a space for the T, AM and PM. */
sealed interface WrittenTime {
  record At(Instant instant) implements WrittenTime {}

  /** A local time, and nobody said where. */
  record WithoutZone() implements WrittenTime {}

  record Unreadable() implements WrittenTime {}

  static WrittenTime read(String written, Optional<ZoneId> zone) {
    for (var shape : SHAPES) {
      try {
        return switch (shape.parseBest(written, ZonedDateTime::from, LocalDateTime::from)) {
          case ZonedDateTime zoned -> new At(zoned.toInstant());
          case LocalDateTime local when zone.isPresent() ->
              new At(local.atZone(zone.get()).toInstant());
          default -> new WithoutZone();
        };
      } catch (DateTimeException e) {
        continue; // not in this shape
      }
    }
    return new Unreadable();
  }

  List<DateTimeFormatter> SHAPES =
      List.of(shape("uuuu-MM-dd['T'][' ']HH:mm"), shape("uuuu/MM/dd HH:mm"), american());

  private static DateTimeFormatter shape(String untilMinutes) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(untilMinutes + "[:ss]")
        .appendPattern("[.SSSSSSSSS][.SSSSSS][.SSS][.SS][.S][ ][XXX][XX][X][VV]['['VV']']")
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  private static DateTimeFormatter american() {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("M/d/uuuu h:mm[:ss] a")
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }
}
