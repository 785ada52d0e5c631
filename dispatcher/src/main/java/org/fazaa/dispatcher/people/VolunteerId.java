package org.fazaa.dispatcher.people;

/** The number of a volunteer. */
public record VolunteerId(long value) implements Comparable<VolunteerId> {

  @Override
  public int compareTo(VolunteerId other) {
    return Long.compare(value, other.value);
  }
}
