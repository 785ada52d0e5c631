package org.fazaa.web.console;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.ImportVolunteers;
import org.fazaa.dispatcher.people.Qualification;
import org.fazaa.dispatcher.people.StartTexts;
import org.fazaa.dispatcher.people.VerifyQualification;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** Volunteers: found by name or phone, and brought in by a file. */
public final class VolunteerRoutes {
  static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER);
  private static final int SHOWN = 50;

  private final Frames frames;
  private final Forms forms;
  private final Vertx vertx;
  private final Pool pool;
  private final Pool bulk;
  private final Bus bus;
  private final String country;

  /** {@code country} is whose national phone numbers a file means. */
  public VolunteerRoutes(
      Frames frames, Forms forms, Vertx vertx, Pool pool, Pool bulk, Bus bus, String country) {
    this.frames = frames;
    this.forms = forms;
    this.vertx = vertx;
    this.pool = pool;
    this.bulk = bulk;
    this.bus = bus;
    this.country = country;
  }

  public void mount(Router router) {
    router.get("/volunteers").handler(context -> list(context, List.of()));
    router.get("/volunteers/:volunteer").handler(this::one);
    router.post("/volunteers/import").handler(this::take);
    forms.post(router, "/volunteers/:volunteer/start-texts", READS, this::startTexts);
    forms.post(router, "/volunteers/:volunteer/qualifications", READS, this::verify);
  }

  private void list(RoutingContext context, List<String> flaws) {
    Guard.require(context, READS);
    var asked = context.queryParams().get("q");
    var query = asked == null ? "" : asked.strip();
    var found = Volunteers.search(pool, query, new VolunteerId(0), SHOWN);
    show(context, query, found, Optional.empty(), flaws);
  }

  private void one(RoutingContext context) {
    one(context, Form.EMPTY, List.of());
  }

  private void one(RoutingContext context, Form written, List<String> flaws) {
    Guard.require(context, READS);
    var found = Volunteers.find(pool, new VolunteerId(Places.id(context, "volunteer")));
    var proofs = found.map(one -> proofs(one, written, frames.of(context)));
    show(context, "", found.stream().toList(), proofs, flaws);
  }

  private ProofsPart proofs(Volunteer one, Form written, Frame frame) {
    var today = LocalDate.ofInstant(frame.now(), frames.zone());
    var rows =
        Qualification.list(pool, one.id()).stream()
            .map(
                proven ->
                    new ProofsPart.Row(
                        frame.pick(proven.skill().ar(), proven.skill().en()),
                        proven.until().map(LocalDate::toString),
                        proven.until().filter(today::isAfter).isPresent(),
                        proven.proof()))
            .toList();
    return new ProofsPart(one.id().value(), one.name(), rows, Shown.skills(frame), written);
  }

  private Next verify(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var id = new VolunteerId(form.id("volunteer"));
    var draft =
        new VerifyQualification.Draft(
            written.of("skill"), written.of("valid_until"), written.of("proof"));
    return switch (VerifyQualification.run(tx, id, form.who().account(), draft, form.now())) {
      case VerifyQualification.Outcome.Verified verified ->
          new Next.See(
              "/volunteers/" + id.value() + "?said=proof_verified",
              List.of(new Fact.VolunteersChanged()));
      case VerifyQualification.Outcome.NoSuchVolunteer none -> throw Problem.notFound().refused();
      case VerifyQualification.Outcome.Incomplete(var flaws) ->
          new Next.Again(
              context -> {
                context.response().setStatusCode(422);
                one(context, written, Shown.flaws(flaws, frames.of(context)));
              });
    };
  }

  private Next startTexts(Forms.Form form, SqlConnection tx) {
    var id = new VolunteerId(form.id("volunteer"));
    var here = "/volunteers/" + id.value();
    return switch (StartTexts.run(tx, id, form.who().account(), form.text("why"), form.now())) {
      case StartTexts.Outcome.Started started ->
          new Next.See(here + "?said=texts_started", List.of(new Fact.VolunteersChanged()));
      case StartTexts.Outcome.NotStopped already -> new Next.See(here, List.of());
      case StartTexts.Outcome.NoSuchVolunteer none -> throw Problem.notFound().refused();
      case StartTexts.Outcome.NoReason none ->
          new Next.Again(context -> again(context, Word.FLAW_START_WHY));
      case StartTexts.Outcome.Blocked(var sender) ->
          new Next.Again(context -> again(context, Word.FLAW_BLOCKED, sender));
    };
  }

  private void again(RoutingContext context, Word flaw, String... senders) {
    var frame = frames.of(context);
    var values = new ArrayList<Object>();
    for (var sender : senders) {
      values.add(sender.isBlank() ? frame.say(Word.OUR_NUMBER) : sender);
    }
    context.response().setStatusCode(422);
    one(context, Form.EMPTY, List.of(frame.say(flaw, values.toArray())));
  }

  private void show(
      RoutingContext context,
      String query,
      List<Volunteer> found,
      Optional<ProofsPart> proofs,
      List<String> flaws) {
    var frame = frames.of(context);
    var rows = found.stream().map(volunteer -> row(volunteer, frame)).toList();
    var page = new VolunteersPage(query, Volunteers.count(pool), rows, proofs, flaws);
    frames.show(context, "console/volunteers", frame, page);
  }

  private static VolunteersPage.Row row(Volunteer volunteer, Frame frame) {
    return new VolunteersPage.Row(
        volunteer.id().value(),
        volunteer.name(),
        volunteer.phone().masked(),
        Shown.skills(volunteer.skills(), frame),
        volunteer.active() && volunteer.takesTexts(),
        volunteer.stoppedAt().isPresent(),
        frame.say(state(volunteer)));
  }

  private static Word state(Volunteer volunteer) {
    if (volunteer.stoppedAt().isPresent()) return Word.STOPPED_TEXTS;
    if (volunteer.unreachableAt().isPresent()) return Word.UNREACHED;
    return volunteer.active() ? Word.MAY_BE_ASKED : Word.NOT_ACTIVE;
  }

  // The same file may come twice: a known phone is brought up to date, so no key is needed.
  private void take(RoutingContext context) {
    var who = Guard.require(context, READS);
    var frame = frames.of(context);
    var uploads = context.fileUploads();
    if (uploads.isEmpty() || uploads.getFirst().size() == 0) {
      list(context, List.of(frame.say(Word.FLAW_FILE)));
      return;
    }
    var file = Path.of(uploads.getFirst().uploadedFileName());
    var outcome =
        vertx.executeBlocking(() -> read(file, who.account(), frame.now()), false).await();
    bus.publish(new Fact.VolunteersChanged());
    switch (outcome) {
      case ImportVolunteers.Outcome.Imported(var counts, var refused) ->
          frames.show(context, "console/imported", frame, imported(counts, refused, frame));
      case ImportVolunteers.Outcome.BrokenOff(var counts, var refused, var at) -> {
        var lines = new ArrayList<>(refused);
        lines.add(at);
        frames.show(context, "console/imported", frame, imported(counts, lines, frame));
      }
      case ImportVolunteers.Outcome.BadHeader(var flaws) ->
          list(context, Shown.flaws(flaws, frame));
    }
  }

  private ImportVolunteers.Outcome read(Path file, long account, Instant now) {
    try (var csv = Files.newInputStream(file)) {
      return ImportVolunteers.run(bulk, csv, country, account, now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ImportedPage imported(
      ImportVolunteers.Counts counts, List<ImportVolunteers.Refusal> refused, Frame frame) {
    var lines =
        refused.stream()
            .map(one -> new ImportedPage.Line(one.line(), Shown.flaws(List.of(one.flaw()), frame)))
            .toList();
    return new ImportedPage(
        counts.inserted(), counts.updated(), counts.unchanged(), counts.rejected(), lines);
  }
}
