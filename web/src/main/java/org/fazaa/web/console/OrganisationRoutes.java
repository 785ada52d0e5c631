package org.fazaa.web.console;

import static java.util.stream.Collectors.toMap;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.fazaa.dispatcher.people.AddOrganisation;
import org.fazaa.dispatcher.people.AddOrganisationRule;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.CloseOrganisationRule;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Organisations;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;

/** Partners that bring volunteers: added, and their rules of when those may be asked. */
public final class OrganisationRoutes {
  private static final String HERE = "/organisations";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public OrganisationRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router
        .get(HERE)
        .handler(
            context -> {
              Guard.require(context, VolunteerRoutes.READS);
              show(context, Form.with("kinds", "planned"), List.of());
            });
    forms.post(router, HERE, VolunteerRoutes.READS, this::add);
    forms.post(router, "/organisation-rules", VolunteerRoutes.READS, this::addRule);
    forms.post(
        router,
        "/organisation-rules/:rule/closure",
        VolunteerRoutes.READS,
        OrganisationRoutes::close);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    var frame = frames.of(context);
    var organisations =
        Organisations.list(pool).stream()
            .map(one -> new Choice(one.code(), frame.pick(one.ar(), one.en())))
            .toList();
    var names = organisations.stream().collect(toMap(Choice::code, Choice::name));
    var rules =
        OrganisationRule.list(pool, frame.now()).stream()
            .map(rule -> rule(rule, names.get(rule.code()), frame))
            .toList();
    var page = new OrganisationsPage(organisations, rules, form, flaws);
    frames.show(context, "console/organisations", frame, page);
  }

  private static OrganisationsPage.Rule rule(
      OrganisationRule rule, String organisation, Frame frame) {
    return new OrganisationsPage.Rule(
        rule.id(),
        organisation,
        rule.kinds().stream().map(OrganisationRule::word).toList(),
        rule.from(),
        rule.until(),
        frame.pick(rule.why().ar(), rule.why().en()),
        state(rule, frame.now()));
  }

  private static OrganisationsPage.State state(OrganisationRule rule, Instant now) {
    if (rule.isInForce(now)) return OrganisationsPage.State.IN_FORCE;
    return rule.closedAt().isEmpty() && now.isBefore(rule.from())
        ? OrganisationsPage.State.AHEAD
        : OrganisationsPage.State.OVER;
  }

  private Next add(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var draft =
        new AddOrganisation.Draft(written.of("code"), written.of("name_ar"), written.of("name_en"));
    return switch (AddOrganisation.run(tx, draft)) {
      case AddOrganisation.Outcome.Added added ->
          new Next.See(HERE + "?said=organisation_added", List.of());
      case AddOrganisation.Outcome.CodeTaken taken ->
          again(written, frame -> List.of(frame.say(Word.FLAW_ORGANISATION_CODE_TAKEN)));
      case AddOrganisation.Outcome.Incomplete(var flaws) ->
          again(written, frame -> Shown.flaws(flaws, frame));
    };
  }

  private Next addRule(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var zone = frames.zone();
    var draft =
        new AddOrganisationRule.Draft(
            written.of("organisation"),
            kinds(written),
            NeedRoutes.time(written.of("from"), zone),
            NeedRoutes.time(written.of("until"), zone),
            new OrganisationRule.Why(written.of("why_ar"), written.of("why_en")));
    return switch (AddOrganisationRule.run(tx, form.who().account(), draft, form.now())) {
      case AddOrganisationRule.Outcome.Added added ->
          new Next.See(HERE + "?said=rule_added", List.of());
      case AddOrganisationRule.Outcome.NoSuchOrganisation none ->
          again(
              written,
              frame ->
                  List.of(frame.say(Word.FLAW_REACH_ORGANISATION, written.of("organisation"))));
      case AddOrganisationRule.Outcome.Incomplete(var flaws) ->
          again(written, frame -> Shown.flaws(flaws, frame));
    };
  }

  private static Next close(Forms.Form form, SqlConnection tx) {
    var by = form.who().account();
    return switch (CloseOrganisationRule.run(tx, by, form.id("rule"), form.now())) {
      case CloseOrganisationRule.Outcome.Closed closed ->
          new Next.See(HERE + "?said=rule_closed", List.of());
      case CloseOrganisationRule.Outcome.AlreadyClosed known ->
          new Next.See(HERE + "?said=rule_closed", List.of());
      case CloseOrganisationRule.Outcome.NoSuchRule none -> throw Problem.notFound().refused();
    };
  }

  private static Set<CallKind> kinds(Form written) {
    var kinds = EnumSet.allOf(CallKind.class);
    kinds.removeIf(kind -> !written.chose("kinds", OrganisationRule.word(kind)));
    return kinds;
  }

  private Next again(Form written, Function<Frame, List<String>> flawed) {
    return new Next.Again(
        context -> {
          context.response().setStatusCode(422);
          show(context, written, flawed.apply(frames.of(context)));
        });
  }
}
