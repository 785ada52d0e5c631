package org.fazaa.fund.giving;

import java.util.Optional;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/** Who gives. Of an anonymous donor nothing is kept but the language of the receipt. */
public record Donor(
    Optional<String> name, Optional<Phone> phone, Language language, boolean anonymous) {

  public Donor {
    if (anonymous) {
      name = Optional.empty();
      phone = Optional.empty();
    }
  }
}
