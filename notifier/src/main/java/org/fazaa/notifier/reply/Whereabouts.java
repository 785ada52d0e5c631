package org.fazaa.notifier.reply;

import com.batoulapps.adhan.CalculationMethod;
import com.batoulapps.adhan.Coordinates;
import com.batoulapps.adhan.PrayerTimes;
import com.batoulapps.adhan.data.DateComponents;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where and when a reply is read: "after maghrib" is another hour in another place and season.
 *
 * @param now by the clocks of the place
 * @param latitude in degrees
 * @param longitude in degrees
 */
public record Whereabouts(ZonedDateTime now, double latitude, double longitude) {

  private static final double RIYADH_LATITUDE = 24.7136;
  private static final double RIYADH_LONGITUDE = 46.6753;
  private static final AtomicReference<Today> LAST = new AtomicReference<>();

  private record Today(Whereabouts where, PrayerTimes times) {}

  enum Prayer {
    FAJR,
    DHUHR,
    ASR,
    MAGHRIB,
    ISHA;

    static final Prayer[] ALL = values();
  }

  /** Where nothing better is known. */
  public static Whereabouts riyadh() {
    return new Whereabouts(
        ZonedDateTime.now(ZoneId.of("Asia/Riyadh")), RIYADH_LATITUDE, RIYADH_LONGITUDE);
  }

  /** When it is prayed on this day, to the minute, by the calendar of Umm al-Qura. */
  LocalTime timeOf(Prayer prayer) {
    var times = times();
    var instant =
        switch (prayer) {
          case FAJR -> times.fajr;
          case DHUHR -> times.dhuhr;
          case ASR -> times.asr;
          case MAGHRIB -> times.maghrib;
          case ISHA -> times.isha;
        };
    return local(instant);
  }

  private LocalTime local(Date instant) {
    return instant.toInstant().atZone(now.getZone()).toLocalTime().truncatedTo(ChronoUnit.MINUTES);
  }

  // Most replies of a moment come from one place.
  private PrayerTimes times() {
    var last = LAST.get();
    if (last != null && last.where().isSameDayAs(this)) {
      return last.times();
    }
    var day = new DateComponents(now.getYear(), now.getMonthValue(), now.getDayOfMonth());
    var method = CalculationMethod.UMM_AL_QURA.getParameters();
    var times = new PrayerTimes(new Coordinates(latitude, longitude), day, method);
    LAST.set(new Today(this, times));
    return times;
  }

  private boolean isSameDayAs(Whereabouts other) {
    return latitude == other.latitude
        && longitude == other.longitude
        && now.getZone().equals(other.now.getZone())
        && now.toLocalDate().equals(other.now.toLocalDate());
  }
}
