package org.fazaa.dispatcher.crisis;

import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;

/**
 * What a use case changed. Its outcome carries the facts, and whoever committed the transaction
 * tells them; a refusal changed nothing and has none.
 */
public interface News {

  default List<Fact> facts() {
    return List.of();
  }

  /** Call it after the commit, never before. */
  default void tell(Bus bus) {
    facts().forEach(bus::publish);
  }
}
