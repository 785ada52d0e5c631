package org.fazaa.web.console;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.SessionRoutes;

/** The pages at the door: signing in, entering by a demo link, and being told what went wrong. */
public final class Door {
  private final Frames frames;
  private final boolean demo;

  /** {@code demo} says whether links to try the program out were printed at its start. */
  public Door(Frames frames, boolean demo) {
    this.frames = frames;
    this.demo = demo;
  }

  public void signIn(RoutingContext context, SessionRoutes.Shown shown) {
    var frame = frames.of(context);
    var flaws = shown.why().map(why -> List.of(in(why.detail(), frame))).orElse(List.of());
    var page = new SignInPage(shown.login(), shown.back(), demo, flaws);
    frames.show(context, "console/signIn", frame, page);
  }

  public void demo(RoutingContext context, String action) {
    var frame = frames.of(context);
    frames.show(context, "console/demo", frame, new DemoPage(action));
  }

  /** For a person; programs are told in JSON. */
  public void problem(RoutingContext context, Problem problem) {
    var frame = frames.of(context);
    var flaws =
        problem.flaws().stream()
            .map(flaw -> flaw.field() + ": " + in(flaw.words(), frame))
            .toList();
    var page =
        new ProblemPage(
            problem.status(),
            in(problem.title(), frame),
            in(problem.detail(), frame),
            flaws,
            frame.path());
    frames.show(context, "console/problem", frame, page);
  }

  private static String in(Words words, Frame frame) {
    return frame.pick(words.ar(), words.en());
  }
}
