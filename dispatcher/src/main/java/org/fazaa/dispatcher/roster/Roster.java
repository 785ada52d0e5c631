package org.fazaa.dispatcher.roster;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Every volunteer in memory, searched without waiting for anybody. {@link RosterFeed} keeps it
 * true; the tables stay the truth.
 */
public final class Roster {
  public static final int LIMIT_MAX = 50_000;

  /** Nobody can be chosen yet: the volunteers are still being read. */
  public static final class NotLoaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotLoaded() {
      super("the roster is still being read");
    }
  }

  private volatile Grid grid; // null until everybody was read once

  /** The nearest who may be asked, nearest first. */
  public List<Candidate> candidates(Query query, int limit) {
    return grid().nearest(query, Math.clamp(limit, 1, LIMIT_MAX));
  }

  public Optional<Person> find(VolunteerId id) {
    return grid().find(id);
  }

  /** What each rule says about asking this person; nothing when there is no such person. */
  public List<Reason> reasons(VolunteerId id, Query query) {
    return grid().reasons(id, query);
  }

  /** Which rules forbid to ask this person; none when they may be asked. */
  public List<Reason> whyNot(VolunteerId id, Query query) {
    return reasons(id, query).stream().filter(reason -> !reason.holds()).toList();
  }

  /** How many people within reach each rule turns away. */
  public Map<Rule, Integer> turnedAway(Query query) {
    return grid().turnedAway(query);
  }

  /** How many volunteers live in a region that lies within a circle. */
  public int inside(Point middle, double km, Region region) {
    return grid().inside(middle, km, region);
  }

  /** How many active volunteers have this skill. */
  public int holders(Skill skill) {
    return grid().holders(skill);
  }

  public int size() {
    return grid().size();
  }

  public boolean isLoaded() {
    return grid != null;
  }

  void replace(Grid everybody) {
    grid = everybody;
  }

  /**
   * Takes what was just read of people who came or changed, and that others are gone. Every query
   * that begins after this returns goes by it.
   */
  public void change(Collection<Person> changed, Collection<VolunteerId> gone) {
    grid().change(changed, gone);
  }

  private Grid grid() {
    var now = grid;
    if (now == null) throw new NotLoaded();
    return now;
  }
}
