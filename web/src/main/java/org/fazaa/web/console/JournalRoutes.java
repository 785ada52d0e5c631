package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.fund.ledger.ClosePeriod;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Journal;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.PlainJournal;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.web.Choice;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.Words;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** The books of a fund, to read. */
public final class JournalRoutes {
  private static final Set<Role> READS = FinanceRoutes.LOOK;
  private static final int ENTRIES = 40;

  private static final Set<Role> CLOSES = EnumSet.of(Role.FINANCE);

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final ZoneId zone;

  /** {@code zone} is where the days of its books begin. */
  public JournalRoutes(Frames frames, Forms forms, Pool pool, ZoneId zone) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.zone = zone;
  }

  public void mount(Router router) {
    router.get("/finance/journal").handler(this::show);
    router.get("/finance/journal.txt").handler(this::download);
    forms.post(router, "/finance/periods/:month/closing", CLOSES, JournalRoutes::close);
  }

  private void download(RoutingContext context) {
    Guard.require(context, READS);
    var fund = chosen(context, Funds.list(pool));
    var known = Optional.ofNullable(context.queryParams().get("known")).flatMap(this::end);
    var response = context.response();
    response
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader(
            "Content-Disposition",
            "attachment; filename=\"fund-%d.journal\"".formatted(fund.id().value()))
        .setChunked(true);
    PlainJournal.write(pool, fund.id(), known, zone, text -> response.write(text).await());
    response.end();
  }

  private static Forms.Next close(Forms.Form form, SqlConnection tx) {
    var month = month(form.context().pathParam("month"));
    var draft = new ClosePeriod.Draft(month, form.who().account());
    return switch (ClosePeriod.run(tx, draft, form.now())) {
      case ClosePeriod.Outcome.Closed(), ClosePeriod.Outcome.AlreadyClosed() ->
          new Forms.Next.See("/finance/journal#months", List.of());
      case ClosePeriod.Outcome.NotOver refusal -> throw refused(refusal);
      case ClosePeriod.Outcome.EarlierOpen refusal -> throw refused(refusal);
      case ClosePeriod.Outcome.NotTreasurer refusal -> throw refused(refusal);
    };
  }

  private static YearMonth month(String written) {
    try {
      return YearMonth.parse(written);
    } catch (DateTimeParseException e) {
      throw Problem.notFound().refused();
    }
  }

  private static Problem.Refused refused(Refusal refusal) {
    return Problem.notAllowed(new Words(refusal.words().ar(), refusal.words().en())).refused();
  }

  private List<JournalPage.Month> months(Instant now) {
    var thisMonth = YearMonth.from(now.atZone(zone));
    var periods = ClosePeriod.list(pool).reversed();
    var months = new ArrayList<JournalPage.Month>();
    var earlierOpen = false;
    for (var period : periods) {
      var open = period.closedAt().isEmpty();
      months.add(
          new JournalPage.Month(
              period.month().toString(),
              period.entries(),
              period.prior(),
              !open,
              open && !earlierOpen && period.month().isBefore(thisMonth)));
      earlierOpen |= open;
    }
    return months.reversed();
  }

  /** The moment that ends a day, as a field of the page writes it. */
  private Optional<Instant> end(String day) {
    try {
      var next = LocalDate.parse(day).plusDays(1);
      return Optional.of(next.atStartOfDay(zone).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void show(RoutingContext context) {
    var who = Guard.require(context, READS);
    var frame = frames.of(context);
    var funds = Funds.list(pool);
    var fund = chosen(context, funds);
    var before =
        Optional.ofNullable(context.queryParams().get("before")).flatMap(JournalRoutes::id);
    var lines = Journal.list(pool, fund.id(), before, ENTRIES);
    var happened = Optional.ofNullable(context.queryParams().get("happened")).orElse("");
    var known = Optional.ofNullable(context.queryParams().get("known")).orElse("");
    var totals = Journal.asOf(pool, fund.id(), end(happened), end(known));
    var sum = totals.values().stream().mapToLong(Money::minor).sum();
    var page =
        new JournalPage(
            funds.stream()
                .map(one -> new Choice("" + one.id().value(), FinanceRoutes.in(one.name(), frame)))
                .toList(),
            "" + fund.id().value(),
            lines(lines, frame),
            end(happened).isPresent() ? happened : "",
            end(known).isPresent() ? known : "",
            totals.entrySet().stream()
                .map(
                    one ->
                        new JournalPage.Balance(
                            account(one.getKey(), frame), one.getValue().toString()))
                .toList(),
            new Money(sum, fund.currency()).toString(),
            sum == 0,
            months(frame.now()),
            who.hasAny(CLOSES),
            older(lines, fund.id()));
    frames.show(context, "console/journal", frame, page);
  }

  private static Fund chosen(RoutingContext context, List<Fund> funds) {
    var asked = Optional.ofNullable(context.queryParams().get("fund")).flatMap(JournalRoutes::id);
    return funds.stream()
        .filter(fund -> asked.isEmpty() || fund.id().value() == asked.get())
        .findFirst()
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private static Optional<Long> id(String written) {
    return written.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(written)) : Optional.empty();
  }

  private static List<JournalPage.Line> lines(List<Journal.Line> lines, Frame frame) {
    var shown = new ArrayList<JournalPage.Line>();
    var last = -1L;
    for (var line : lines) {
      var debit = line.amount().minor() > 0;
      var amount = new Money(Math.abs(line.amount().minor()), line.amount().currency()).toString();
      shown.add(
          new JournalPage.Line(
              line.entry() != last,
              line.entry(),
              line.eventAt(),
              kind(line, frame),
              account(line.account(), frame),
              debit ? amount : "",
              debit ? "" : amount));
      last = line.entry();
    }
    return shown;
  }

  private static String kind(Journal.Line line, Frame frame) {
    var kind = word("ENTRY_", line.kind()).map(word -> frame.say(word)).orElse(line.kind());
    return line.reverses().map(entry -> kind + " ↶ " + entry).orElse(kind);
  }

  private static String account(String role, Frame frame) {
    return word("ACCOUNT_", role).map(word -> frame.say(word)).orElse(role);
  }

  private static Optional<Word> word(String prefix, String tag) {
    var name = prefix + tag.toUpperCase(Locale.ROOT).replace('-', '_');
    return Stream.of(Word.values()).filter(word -> word.name().equals(name)).findFirst();
  }

  private static Optional<String> older(List<Journal.Line> lines, FundId fund) {
    if (lines.stream().map(Journal.Line::entry).distinct().count() < ENTRIES) {
      return Optional.empty();
    }
    var last = lines.getLast().entry();
    return Optional.of("/finance/journal?fund=" + fund.value() + "&before=" + last);
  }
}
