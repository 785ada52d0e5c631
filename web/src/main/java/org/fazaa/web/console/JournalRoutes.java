package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Journal;
import org.fazaa.fund.ledger.Money;
import org.fazaa.web.Choice;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** The books of a fund, to read. */
public final class JournalRoutes {
  private static final Set<Role> READS = FinanceRoutes.LOOK;
  private static final int ENTRIES = 40;

  private final Frames frames;
  private final Pool pool;

  public JournalRoutes(Frames frames, Pool pool) {
    this.frames = frames;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get("/finance/journal").handler(this::show);
  }

  private void show(RoutingContext context) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var funds = Funds.list(pool);
    var fund = chosen(context, funds);
    var before =
        Optional.ofNullable(context.queryParams().get("before")).flatMap(JournalRoutes::id);
    var lines = Journal.list(pool, fund.id(), before, ENTRIES);
    var totals =
        Journal.trialBalance(pool).stream()
            .filter(total -> total.fund().equals(fund.id()))
            .toList();
    var sum = totals.stream().mapToLong(total -> total.total().minor()).sum();
    var page =
        new JournalPage(
            funds.stream()
                .map(one -> new Choice("" + one.id().value(), FinanceRoutes.in(one.name(), frame)))
                .toList(),
            "" + fund.id().value(),
            lines(lines, frame),
            totals.stream()
                .map(
                    total ->
                        new JournalPage.Balance(
                            account(total.account(), frame), total.total().toString()))
                .toList(),
            new Money(sum, fund.currency()).toString(),
            sum == 0,
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
