package org.fazaa.config;

import org.fazaa.notifier.Phone;

/** What config must never hold; ArrowsTest proves that it would be found. */
public final class PlantedArrow {
  Phone phone;
}
