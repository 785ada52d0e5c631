package org.fazaa.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A refusal as RFC 9457 tells it, in Arabic and English: what went wrong, where, and how to mend
 * it.
 *
 * <p>The type is stable: a script may rely on {@code urn:fazaa:problem:<name>}.
 */
public record Problem(int status, String name, Words title, Words detail, List<Flaw> flaws) {

  public static final String MEDIA_TYPE = "application/problem+json";
  static final String TYPE = "urn:fazaa:problem:";

  /** One mistake in what was sent; {@code field} is a JSON pointer or the name of a parameter. */
  public record Flaw(String field, Words words) {}

  public static Problem of(int status, String name, Words title, Words detail) {
    return new Problem(status, name, title, detail, List.of());
  }

  public static Problem invalid(List<Flaw> flaws) {
    return new Problem(
        400,
        "invalid",
        new Words("في الطلب ما يلزم تصحيحه", "The request has mistakes"),
        new Words(
            "صحّح الحقول المذكورة ثم أعد الإرسال؛ لم يتغيّر شيء.",
            "Mend the fields listed and send it again; nothing was changed."),
        List.copyOf(flaws));
  }

  public static Problem invalid(String field, Words words) {
    return invalid(List.of(new Flaw(field, words)));
  }

  public static Problem malformed(Words where) {
    return of(
        400, "malformed", new Words("تعذّرت قراءة الطلب", "The request cannot be read"), where);
  }

  public static Problem signInFirst() {
    return of(
        401,
        "sign-in-first",
        new Words("سجّل الدخول أولاً", "Sign in first"),
        new Words(
            "أرسل رمز الوصول في ترويسة Authorization، أو سجّل الدخول من صفحة الدخول.",
            "Send a token in the Authorization header, or sign in on the sign-in page."));
  }

  public static Problem notAllowed(Words why) {
    return of(403, "not-allowed", new Words("غير مسموح لك بهذا", "You may not do this"), why);
  }

  public static Problem notFound() {
    return of(
        404,
        "not-found",
        new Words("غير موجود", "Not found"),
        new Words(
            "لا شيء بهذا العنوان، أو ليس لك أن تراه. راجع العنوان.",
            "Nothing is at this address, or it is not yours to see. Check the address."));
  }

  public static Problem unknownMethod() {
    return of(
        405,
        "unknown-method",
        new Words("طريقة غير معروفة هنا", "This method is not known here"),
        new Words(
            "استعمل طريقة ممّا في ترويسة Allow.", "Use one of the methods in the Allow header."));
  }

  public static Problem conflict(String name, Words title, Words detail) {
    return of(409, name, title, detail);
  }

  public static Problem tooLarge(long limit) {
    return of(
        413,
        "too-large",
        new Words("الطلب أكبر من المسموح", "The request is too large"),
        new Words(
            "الحد هنا %d بايت؛ أرسل أقل من ذلك.".formatted(limit),
            "The limit here is %d bytes; send less.".formatted(limit)));
  }

  public static Problem unknownMediaType(String expected) {
    return of(
        415,
        "unknown-media-type",
        new Words("نوع المحتوى غير مقبول هنا", "This content type is not taken here"),
        new Words("أرسله بنوع %s.".formatted(expected), "Send it as %s.".formatted(expected)));
  }

  public static Problem tooMany(long seconds) {
    return of(
        429,
        "too-many",
        new Words("محاولات كثيرة", "Too many tries"),
        new Words(
            "انتظر %d ثانية ثم حاول.".formatted(seconds),
            "Wait %d seconds, then try again.".formatted(seconds)));
  }

  /** Everybody comes at once, and nobody has tried too often. */
  public static Problem tooManyAtOnce() {
    return of(
        429,
        "too-many-at-once",
        new Words("تغييرات كثيرة في اللحظة نفسها", "Too many changes at once"),
        new Words(
            "لم يُحفظ شيء. أعد المحاولة بعد ثوانٍ.",
            "Nothing was kept. Try again in a few seconds."));
  }

  public static Problem headersTooLarge() {
    return of(
        431,
        "headers-too-large",
        new Words("الترويسات أكبر من المسموح", "The headers are too large"),
        new Words("الحد 8192 بايت.", "The limit is 8192 bytes."));
  }

  /**
   * Something broke on our side. The id leads an operator to the log line, and tells nobody else
   * anything.
   */
  public static Problem broken(String id) {
    return of(
        500,
        "broken",
        new Words("حدث خلل عندنا", "Something broke on our side"),
        new Words(
            "أعد المحاولة بالمفتاح نفسه؛ وإن تكرر فأعط مشغّل النظام الرقم %s.".formatted(id),
            "Try again with the same key; if it stays so, give the operator the id %s."
                .formatted(id)));
  }

  public static Problem away() {
    return of(
        503,
        "away",
        new Words("النظام مشغول للحظة", "Away for a moment"),
        new Words(
            "لم يُحفظ شيء. أعد المحاولة بعد ثوانٍ بالمفتاح نفسه.",
            "Nothing was kept. Try again in a few seconds with the same key."));
  }

  /** Unwinds to whoever opened the transaction, so that nothing of a refused request is kept. */
  public Refused refused() {
    return new Refused(this);
  }

  public JsonObject json(String language) {
    var json =
        new JsonObject()
            .put("type", TYPE + name)
            .put("status", status)
            .put("title", title.in(language))
            .put("detail", detail.in(language))
            .put("ar", inOne("ar"))
            .put("en", inOne("en"));
    if (!flaws.isEmpty()) json.put("errors", errors(language));
    return json;
  }

  private JsonObject inOne(String language) {
    return new JsonObject().put("title", title.in(language)).put("detail", detail.in(language));
  }

  private JsonArray errors(String language) {
    var errors = new JsonArray();
    for (var flaw : flaws) {
      errors.add(
          new JsonObject()
              .put("field", flaw.field())
              .put("detail", flaw.words().in(language))
              .put("ar", flaw.words().ar())
              .put("en", flaw.words().en()));
    }
    return errors;
  }

  /** A refusal on its way out of a transaction. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    private Refused(Problem problem) {
      super(problem.name(), null, false, false);
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }
}
