package org.fazaa.web.live;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/**
 * Which facts a page may be told: those its viewer may see, narrowed to the crisis or the fund that
 * it shows. Anybody may watch gifts arrive at a fund; that much is on its public page.
 */
record Sight(Optional<Who> who, Optional<Long> crisis, Optional<Long> fund) {

  private static final Set<Role> DISPATCH =
      EnumSet.of(Role.COORDINATOR, Role.MANAGER, Role.AUDITOR, Role.ADMIN);
  private static final Set<Role> MONEY =
      EnumSet.of(Role.FINANCE, Role.APPROVER, Role.AUDITOR, Role.ADMIN);

  boolean isBlind() {
    return who.isEmpty() && fund.isEmpty();
  }

  boolean sees(Fact fact) {
    return switch (fact) {
      case Fact.CrisisChanged(var about) -> dispatch(about);
      case Fact.NeedChanged(var about, var need) -> dispatch(about);
      case Fact.OfferChanged(var about, var need, var offer) -> dispatch(about);
      case Fact.VolunteersChanged() -> has(DISPATCH) && isWide();
      case Fact.OutboxFilled() -> has(DISPATCH) && isWide();
      case Fact.TextChanged(var text) -> has(DISPATCH) && isWide();
      case Fact.ReplyKept(var reply) -> has(DISPATCH) && isWide();
      case Fact.WatchChanged() -> has(DISPATCH) && isWide();
      case Fact.InboxChanged() -> has(DISPATCH) && fund.isEmpty();
      case Fact.DonationRecorded(var about) ->
          fund.isPresent() ? fund.get() == about : has(MONEY) && crisis.isEmpty();
      case Fact.CardHeard() -> has(MONEY) && isWide();
      case Fact.RefundConfirmed(var refund) -> has(MONEY) && isWide();
      case Fact.DisbursementChanged(var about, var disbursement) ->
          has(MONEY) && crisis.isEmpty() && fund.map(one -> one == about).orElse(true);
    };
  }

  private boolean dispatch(long about) {
    return has(DISPATCH) && fund.isEmpty() && crisis.map(one -> one == about).orElse(true);
  }

  private boolean isWide() {
    return crisis.isEmpty() && fund.isEmpty();
  }

  private boolean has(Set<Role> roles) {
    return who.map(viewer -> viewer.hasAny(roles)).orElse(false);
  }
}
