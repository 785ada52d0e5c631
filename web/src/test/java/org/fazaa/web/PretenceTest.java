package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import org.fazaa.config.Database;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a demonstration invented never meets a real carrier. */
class PretenceTest {

  @RegisterExtension
  static final TestDatabase db = TestDatabase.of("notify", "dispatch", "fund", "web");

  @Test
  void aDatabaseOfADemonstrationDoesNotStartWithARealCarrier() {
    db.superuserPool().query(DEMONSTRATION).execute().await();
    try (var carrier = TwilioStandIn.start(new StandInOptions())) {
      var settings = new HashMap<>(carrier.settings());
      settings.put("FAZAA_HTTP_PORT", "0");
      settings.put("FAZAA_PUBLIC_URL", "http://localhost");
      settings.put("DATABASE_URL", Program.written(db.url()));
      settings.put("DATABASE_OWNER_URL", Program.written(db.ownerUrl()));
      var real = Settings.load(settings, Path.of("none.properties"));
      assertThatThrownBy(() -> Fazaa.start(real))
          .isInstanceOf(Database.Refused.class)
          .hasMessageContaining("invented people");
    }
  }

  private static final String DEMONSTRATION =
      """
      WITH opened AS (
        INSERT INTO fund.fund (name_ar, name_en, currency, restriction, purpose_ar, purpose_en,
          demonstration, opened_by, opened_at, idem_key, request_hash)
        VALUES ('صندوق', 'Fund', 'SAR', 'unrestricted', 'عون', 'Aid', true, 1, clock_timestamp(),
          'pretence', sha256('pretence'))
        RETURNING id
      )
      INSERT INTO fund.terms (fund, stops_at_target, surplus)
      SELECT o.id, false, 'authority' FROM opened o
      """;
}
