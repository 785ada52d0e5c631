package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.fazaa.notifier.Alarm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Codes cost money: when the day's is spent they rest, and a person is told. */
@Tag("S11")
class CodesCapTest {
  private static final int CAP = 80;

  @RegisterExtension
  static final Program program =
      Program.with(Map.of("FAZAA_CODES_CAP", "" + CAP, "FAZAA_SEGMENT_COST", "40"));

  @Test
  void atTheCapNothingIsSentAnyMoreAndAnAlarmIsRaised() {
    for (var i = 1; i <= 4; i++) {
      var phone = "+9665000%d0001".formatted(i);
      Owner.register(program, phone, "Sara", "en");
    }
    for (var i = 1; i <= 2; i++) {
      var owner = owner(i);
      assertThat(owner.ask().status()).isEqualTo(303);
      owner.code(0);
    }
    await().until(() -> spent() == CAP);
    assertThat(alarms()).isZero();

    var third = owner(3);
    assertThat(third.ask().status()).isEqualTo(503);
    assertThat(third.ask().text()).contains("No codes are sent just now");
    assertThat(alarms()).isEqualTo(1);
    assertThat(third.codes()).isEmpty();
    assertThat(spent()).isEqualTo(CAP);
  }

  private static Owner owner(int number) {
    return new Owner(program, "+9665000%d0001".formatted(number), "127.0.0.1");
  }

  private static long alarms() {
    return Alarm.list(program.database().pool()).stream()
        .filter(alarm -> alarm.kind() == Alarm.Kind.CODES_CAPPED)
        .count();
  }

  private static long spent() {
    return program
        .database()
        .pool()
        .query("SELECT coalesce(sum(spent), 0) FROM notify.budget WHERE name LIKE 'codes:%'")
        .execute()
        .await()
        .iterator()
        .next()
        .getLong(0);
  }
}
