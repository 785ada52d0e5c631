package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;

/**
 * Every text in every language.
 *
 * @param count what the counts in them are, if somebody chose
 */
record TextsPage(List<Text> texts, List<Integer> counts, Optional<Integer> count) {

  record Text(String name, List<TextPreview> previews) {}
}
