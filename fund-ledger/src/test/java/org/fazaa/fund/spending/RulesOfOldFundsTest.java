package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Funds and requests from before there were rules say so, and are what they were. */
class RulesOfOldFundsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of();

  private static final String WITH_RULES = "10";
  private static final String BEFORE = "7";

  @Test
  void eachOldFundHasOneRuleThatSaysItIsFromBefore() throws SQLException {
    migrate(BEFORE);
    try (var owner = connect()) {
      owner.createStatement().execute(OLD_ROWS);
      migrate(WITH_RULES);

      assertThat(
              read(
                  owner,
                  """
                  SELECT f.restriction || ' ' || r.category || r.region || r.target_group || ' '
                         || r.origin
                  FROM fund.use_rule r JOIN fund.fund f ON f.id = r.fund ORDER BY f.id\
                  """))
          .containsExactly("purpose anyanyany migration", "zakat anyanyany migration");
      assertThat(
              read(
                  owner,
                  """
                  SELECT v.version || ' ' || v.category || ' ' || (r.fund = d.fund)
                  FROM fund.disbursement_version v JOIN fund.disbursement d ON d.id = v.disbursement
                  JOIN fund.use_rule r ON r.id = v.use_rule ORDER BY v.version\
                  """))
          .containsExactly("1 any true", "2 any true");
      assertThat(read(owner, "SELECT fund || coalesce(surplus, ' unknown') FROM fund.terms"))
          .containsExactly("1 unknown", "2 unknown");
      assertThat(read(owner, "SELECT fund.use_refused(1, 1, 'any', 'any', 'any', '2026-03-02Z')"))
          .containsExactly((String) null);
      assertThat(read(owner, "SELECT fund.use_refused(2, 2, 'any', 'any', 'any', '2026-03-02Z')"))
          .containsExactly("zakat_to_its_classes");
      assertThat(read(owner, "SELECT fund.use_refused(2, 2, 'food', 'any', 'zakat_poor', NULL)"))
          .containsExactly((String) null);
    }
  }

  private static void migrate(String version) {
    var owner = db.ownerUrl();
    Flyway.configure()
        .dataSource(jdbc(owner), owner.user(), owner.password().value())
        .schemas("fund")
        .locations("classpath:db/fund")
        .placeholders(Map.of("app", db.url().user()))
        .target(version)
        .load()
        .migrate();
  }

  private static Connection connect() throws SQLException {
    var owner = db.ownerUrl();
    return DriverManager.getConnection(jdbc(owner), owner.user(), owner.password().value());
  }

  private static String jdbc(DatabaseUrl url) {
    return "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.name());
  }

  private static List<String> read(Connection owner, String query) throws SQLException {
    var found = new ArrayList<String>();
    try (var rows = owner.createStatement().executeQuery(query)) {
      while (rows.next()) found.add(rows.getString(1));
    }
    return found;
  }

  private static final String OLD_ROWS =
      """
      SELECT fund.open_fund('a', sha256('a'), 'ص', 'F', 'SAR', 'purpose', 'غ', 'P', NULL, NULL,
                            NULL, true, 1, '2026-03-01T09:00:00Z');
      SELECT fund.open_fund('b', sha256('b'), 'ز', 'Z', 'SAR', 'zakat', 'غ', 'P', NULL, NULL,
                            NULL, true, 1, '2026-03-01T09:00:00Z');
      INSERT INTO fund.officer VALUES (11, 'requester', '2026-03-01T09:00:00Z', 0);
      INSERT INTO fund.payee (name_ar, name_en, added_by, added_at)
      VALUES ('ج', 'S', 11, '2026-03-01T09:00:00Z');
      INSERT INTO fund.payee_iban
      VALUES (1, 1, 'SA0380000000608010167519', 11, '2026-03-01T09:00:00Z');
      SELECT fund.request_disbursement('r', sha256('r'), 1, 1, 1::smallint, 500, 'P', 'E', NULL,
                                       '{}', 11, '2026-03-01T09:00:00Z');
      SELECT fund.edit_disbursement(1, 2::smallint, 1, 1::smallint, 600, 'P', 'E', NULL, '{}', 11,
                                    '2026-03-01T09:00:00Z')\
      """;
}
