package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.sar;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PlainJournalTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final ZoneId RIYADH = ZoneId.of("Asia/Riyadh");

  private final Books books = new Books(db);
  private FundId fund;

  @BeforeEach
  void booksWithSomeOfEverything() {
    if (Officer.list(db.pool(), Books.NOW).isEmpty()) books.appointOfficers();
    fund = books.fundWith(sar(1_000));
    books.give(fund, Channel.CARD, sar(30));
    var payee = books.verifiedPayee();
    books.pay(books.approvedRequest(fund, payee, sar(300)), NOURA_TREASURER);
    books.approvedRequest(fund, payee, sar(100));
    for (int day = 1; day < 40; day++) {
      move(day, Books.NOW.plusSeconds(day * 86_400L), Books.NOW.plusSeconds(day * 90_000L));
    }
  }

  @Test
  void entriesAreWholeAndInTheirOrder() {
    var lines = text(Optional.empty()).lines().filter(line -> !line.isBlank()).toList();

    assertThat(lines.get(0)).matches("2026-03-01=2026-03-01 \\([0-9]+\\) gift");
    assertThat(lines.get(1)).isEqualTo("    fund-%d:clearing  1000.00 SAR".formatted(fund.value()));
    assertThat(lines.get(2))
        .isEqualTo("    fund-%d:received  -1000.00 SAR".formatted(fund.value()));
    assertThat(lines).hasSize(3 * (2 + 1 + 2 + 1 + 39));
  }

  /** Where Debian's hledger is installed, it has to come to the same balances. */
  @Test
  void hledgerComesToTheSameBalances(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/hledger")), "hledger is not installed");
    var last = LocalDate.of(2026, 3, 20);
    var end = Optional.of(last.plusDays(1).atStartOfDay(RIYADH).toInstant());

    assertThat(byHledger(folder, Optional.empty(), List.of()))
        .isEqualTo(ours(Optional.empty(), Optional.empty()));
    assertThat(byHledger(folder, Optional.empty(), List.of("-e", last.plusDays(1).toString())))
        .isEqualTo(ours(end, Optional.empty()));
    assertThat(byHledger(folder, end, List.of())).isEqualTo(ours(Optional.empty(), end));
  }

  private Map<String, String> ours(Optional<Instant> happened, Optional<Instant> known) {
    var balances = new TreeMap<String, String>();
    Journal.asOf(db.pool(), fund, happened, known)
        .forEach(
            (role, money) -> {
              if (money.minor() != 0) balances.put(name(role), money.toString());
            });
    return balances;
  }

  private Map<String, String> byHledger(Path folder, Optional<Instant> known, List<String> more)
      throws Exception {
    var file = folder.resolve("books.journal");
    Files.writeString(file, text(known));
    var command = new ArrayList<String>(List.of("/usr/bin/hledger", "-f", file.toString()));
    command.addAll(List.of("balance", "--flat", "--no-total", "-O", "csv"));
    command.addAll(more);
    return run(command)
        .lines()
        .skip(1)
        .map(line -> line.replace("\"", "").split(","))
        .collect(Collectors.toMap(row -> row[0], row -> row[1], (a, b) -> a, TreeMap::new));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private String text(Optional<Instant> known) {
    var text = new StringBuilder();
    PlainJournal.write(db.pool(), fund, known, RIYADH, text::append);
    return text.toString();
  }

  private String name(String role) {
    return "fund-" + fund.value() + ":" + role;
  }

  /** Known a little later each day than it happened. */
  private void move(long riyals, Instant happened, Instant known) {
    var fields =
        io.vertx.sqlclient.Tuple.of(
            fund.value(), riyals * 100, Books.key(), Database.utc(happened), Database.utc(known));
    db.superuserPool().preparedQuery(MOVE).execute(fields).await();
  }

  private static final String MOVE =
      "SELECT fund.move('correction', $1, 'bank', 'suspense', $2, $3, 'test', $4, $5)";
}
