package org.fazaa.web;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same journey, and all news of it arrives twice and in the wrong order. */
@Tag("F7")
class DispatchWithDoubledNewsTest extends DispatchJourneyTest {

  @BeforeAll
  static void doubleTheNews() {
    News.doubleAndReorder(program, 7);
  }
}
