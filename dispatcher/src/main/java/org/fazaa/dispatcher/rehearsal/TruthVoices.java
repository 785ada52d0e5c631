package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.dispatcher.rehearsal.Happened.Texts;
import org.fazaa.notifier.Language;

/** The people of a sketch say what the hidden truth makes them say. */
final class TruthVoices implements Voices {
  private static final String CODE = "A2B2"; // nobody in a sketch reads words

  private final Truth truth;
  private final Truth.Person[] people;
  private final Map<SketchOffer, Truth.Offer> offers = new HashMap<>();
  private final Map<Integer, Texts> texts = new HashMap<>();

  /**
   * @param people by their number, from 1
   */
  TruthVoices(Truth truth, Truth.Person[] people) {
    this.truth = truth;
    this.people = people;
  }

  private Truth.Person person(VolunteerId id) {
    return people[(int) id.value() - 1];
  }

  @Override
  public Optional<Said> asked(SketchOffer offer, Instant now) {
    var need = offer.need;
    var asked = new Truth.Offer(need.rank + 1, need.place());
    offers.put(offer, asked);
    var outcome = truth.onOffer(person(offer.person.id), asked, Language.EN, CODE, now);
    return switch (outcome) {
      case Truth.Outcome.Lost lost -> {
        count(need, new Texts(1, 1, 0));
        yield Optional.empty();
      }
      case Truth.Outcome.Says says -> {
        count(need, new Texts(1, 0, says.intent() == Intent.STOP ? 1 : 0));
        yield Optional.of(new Said(says.intent(), says.after(), 0));
      }
      case Truth.Outcome.Nothing nothing -> {
        count(need, new Texts(1, 0, 0));
        yield Optional.empty();
      }
      case Truth.Outcome.Silence silence -> Optional.empty();
    };
  }

  @Override
  public Told told(SketchOffer offer, Truth.Notice notice, Instant now) {
    var person = person(offer.person.id);
    return switch (truth.onNotice(person, offers.get(offer), notice, Language.EN, now)) {
      case Truth.Outcome.Silence silence -> new Told(true, Optional.empty());
      case Truth.Outcome.Says says ->
          new Told(false, Optional.of(new Said(says.intent(), says.after(), 0)));
      case Truth.Outcome.Lost lost -> Told.NOTHING;
      case Truth.Outcome.Nothing nothing -> Told.NOTHING;
    };
  }

  private void count(SketchNeed need, Texts more) {
    texts.merge(need.rank, more, Texts::plus);
  }

  @Override
  public Texts texts(SketchNeed need) {
    return texts.getOrDefault(need.rank, Texts.NONE);
  }

  @Override
  public boolean wasWilling(SketchOffer offer) {
    return offers.get(offer).wasWilling();
  }

  @Override
  public Duration travel(SketchOffer offer) {
    return Truth.travel(person(offer.person.id), offer.need.place());
  }

  @Override
  public boolean comes(SketchOffer offer) {
    return truth.comes(offer.person.id.value(), offer.need.id().value());
  }

  /** How likely somebody in truth says yes to an offer that is made now. */
  double chance(SketchNeed need, VolunteerId volunteer, Instant now) {
    return truth.chanceOfYes(person(volunteer), need.place(), now);
  }
}
