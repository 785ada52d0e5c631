package org.fazaa.dispatcher.callout;

import java.util.ArrayList;
import java.util.List;

/**
 * Somebody who could be asked, with the part of their gain and price that does not change while
 * others are asked.
 *
 * @param ratio of what asking them brings to what it costs
 */
record Priced(Line.Option person, double reward, double price, double ratio) {

  /** All who may be asked for a need, in the order in which {@link Round} asks them. */
  static List<Priced> queue(Line line, Tuning tuning) {
    var crowd = tuning.crowd(line);
    var queue = new ArrayList<Priced>(line.options().size());
    if (line.open() <= 0) return queue;
    for (var person : line.options()) {
      if (!line.mayAsk(person)) continue;
      var reward = tuning.reward(line, person);
      var price = tuning.price(line, person, crowd);
      queue.add(new Priced(person, reward, price, reward / price));
    }
    queue.sort(Priced::compare);
    return queue;
  }

  // A chain of comparators takes twice as long, and this is most of the work.
  private static int compare(Priced one, Priced other) {
    var better = Double.compare(other.ratio, one.ratio);
    if (better != 0) return better;
    return Long.compare(one.person.volunteer().value(), other.person.volunteer().value());
  }

  /** Whether they would be asked if it came to the last, and nobody else had been. */
  boolean isWithinReach(Line line, Tuning tuning) {
    return tuning.worthInTheEnd(line) * reward > price;
  }
}
