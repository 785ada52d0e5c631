package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.web.Word;

/** A need with who could come and why, what a call-out would cost and give, and who was asked. */
record NeedPage(
    NeedRow need,
    Optional<NeedForecasts> forecasts,
    long crisis,
    String crisisName,
    boolean drill,
    boolean mayDispatch,
    Optional<CallOut> callout,
    Optional<Second> awaitingSecond,
    CandidatesPart candidates,
    List<WhyNot> whyNot,
    List<TextPreview> previews,
    Optional<HelpPanel> help,
    Optional<OverridePanel> override,
    List<Offer> offers,
    DecisionLog log,
    List<String> flaws) {

  /** Those who are coming, kept back, or asked and silent. */
  List<Offer> active() {
    return offers.stream().filter(Offer::isActive).toList();
  }

  List<Offer> past() {
    return offers.stream().filter(offer -> !offer.isActive()).toList();
  }

  /** The envelope that is proposed, with what it would give. */
  record CallOut(
      String km,
      int candidates,
      int maxTexts,
      String cost,
      String costCap,
      String currency,
      double chance,
      int likelyTexts,
      Instant by,
      Instant expiresAt,
      List<Step> steps,
      boolean mustType,
      boolean needsSecond,
      List<Reach> reach) {}

  /** Those who may be asked by one way in the same words; without a text by another than SMS. */
  record Reach(
      String country,
      Way way,
      Ways.Answer answer,
      String language,
      int people,
      int segments,
      String cost,
      Optional<String> text) {

    Word wayWord() {
      return word(way);
    }

    Word answerWord() {
      return switch (answer) {
        case REPLY -> Word.ANSWER_REPLY;
        case LINK -> Word.ANSWER_LINK;
        case CODE -> Word.ANSWER_CODE;
        case PRESS -> Word.ANSWER_PRESS;
      };
    }
  }

  record Step(int texts, double chance, boolean chosen) {}

  /**
   * A large envelope that waits for a second person.
   *
   * @param own whether whoever looks has approved it, and so cannot confirm it
   */
  record Second(long envelope, String by, boolean own, int texts) {}

  record WhyNot(String says, int people) {}

  record Offer(
      long id,
      String code,
      String name,
      String phone,
      String state,
      Instant askedAt,
      Optional<Instant> answeredAt,
      Optional<Instant> expectedAt,
      Optional<Integer> party,
      double km) {
    private static final Set<String> HOLDS = Set.of("assigned", "standby", "on_way", "there");
    private static final Set<String> MAY_COME = Set.of("asked", "leaning", "last_resort");

    boolean isActive() {
      return holds() || MAY_COME.contains(state);
    }

    boolean holds() {
      return HOLDS.contains(state);
    }
  }

  static Word word(Way way) {
    return switch (way) {
      case SMS -> Word.WAY_SMS;
      case WHATSAPP -> Word.WAY_WHATSAPP;
      case VOICE -> Word.WAY_VOICE;
    };
  }
}
