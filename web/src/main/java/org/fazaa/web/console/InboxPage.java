package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Replies that wait for a person's word. */
record InboxPage(List<Waiting> replies) {

  record Waiting(
      long id,
      String name,
      String phone,
      String body,
      String why,
      String code,
      Optional<About> need,
      Instant at) {}

  record About(long id, String title) {}
}
