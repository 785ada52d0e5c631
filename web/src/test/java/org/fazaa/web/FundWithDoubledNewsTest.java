package org.fazaa.web;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same journey, and all news of it arrives twice and in the wrong order. */
@Tag("F7")
class FundWithDoubledNewsTest extends FundJourneyTest {

  @BeforeAll
  static void doubleTheNews() {
    News.doubleAndReorder(program, 7);
  }
}
