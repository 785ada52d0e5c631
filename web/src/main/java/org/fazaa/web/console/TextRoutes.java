package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.SampleTexts;
import org.fazaa.notifier.Texts;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** What we write to people, to be judged before it is sent. */
public final class TextRoutes {
  private static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER);

  /** One of each form that a count has in Arabic, which has the most. */
  private static final List<Integer> COUNTS = List.of(0, 1, 2, 3, 11, 100);

  private final Frames frames;
  private final ProposeEnvelope propose;

  public TextRoutes(Frames frames, ProposeEnvelope propose) {
    this.frames = frames;
    this.propose = propose;
  }

  public void mount(Router router) {
    router.get("/texts").handler(this::list);
  }

  private void list(RoutingContext context) {
    Guard.require(context, READS);
    var count = Optional.ofNullable(context.queryParams().get("count")).map(TextRoutes::count);
    var texts = Texts.readAll().stream().map(name -> text(name, count)).toList();
    var page = new TextsPage(texts, COUNTS, count);
    frames.show(context, "console/texts", frames.of(context), page);
  }

  private static int count(String written) {
    return Places.whole(written)
        .filter(count -> count >= 0)
        .orElseThrow(
            () ->
                Problem.invalid(
                        "count",
                        new Words("اكتب عددًا صحيحًا مثل 11.", "Write a whole number, such as 11."))
                    .refused());
  }

  private TextsPage.Text text(String name, Optional<Integer> count) {
    return new TextsPage.Text(
        name, Stream.of(Language.values()).map(one -> preview(name, one, count)).toList());
  }

  private TextPreview preview(String name, Language language, Optional<Integer> count) {
    var values = new HashMap<String, String>();
    count.ifPresent(
        chosen ->
            Texts.counts(name, language)
                .forEach(placeholder -> values.put(placeholder, Integer.toString(chosen))));
    return TextPreview.of(SampleTexts.render(name, language, values), language, propose);
  }
}
