package org.fazaa.web;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same journey, and no news of it arrives anywhere. */
@Tag("F6")
class FundWithoutNewsTest extends FundJourneyTest {

  @BeforeAll
  static void dropTheNews() {
    News.drop(program);
  }
}
