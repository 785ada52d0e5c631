package org.fazaa.dispatcher.people;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** An organisation joins, so that it can vouch for its volunteers. */
public final class AddOrganisation {

  public record Draft(String code, String nameAr, String nameEn) {}

  public sealed interface Outcome {
    record Added(long id) implements Outcome {}

    record CodeTaken(long id) implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9-]{1,39}");
  private static final int NAME_LENGTH_MAX = 120;

  private AddOrganisation() {}

  public static Outcome run(SqlConnection tx, Draft draft) {
    var flaws = check(draft);
    if (!flaws.isEmpty()) return new Outcome.Incomplete(flaws);
    var row = Tuple.of(draft.code, draft.nameAr.strip(), draft.nameEn.strip());
    for (var added : tx.preparedQuery(INSERT).execute(row).await()) {
      return new Outcome.Added(added.getLong("id"));
    }
    return new Outcome.CodeTaken(Organisations.find(tx, draft.code).orElseThrow());
  }

  static List<Flaw> check(Draft draft) {
    var flaws = new ArrayList<Flaw>();
    if (draft.code == null || !CODE.matcher(draft.code).matches()) flaws.add(CODE_FLAW);
    if (!isName(draft.nameAr)) flaws.add(NAME_AR_FLAW);
    if (!isName(draft.nameEn)) flaws.add(NAME_EN_FLAW);
    return List.copyOf(flaws);
  }

  private static boolean isName(String name) {
    return name != null && !name.isBlank() && name.strip().length() <= NAME_LENGTH_MAX;
  }

  private static final Flaw CODE_FLAW =
      new Flaw(
          "code",
          "Write a code of 2 to 40 small Latin letters, digits and hyphens, like red-crescent.",
          "اكتب رمزًا من 2 إلى 40 من الحروف اللاتينية الصغيرة والأرقام والشرطات، مثل"
              + " red-crescent.");
  private static final Flaw NAME_AR_FLAW =
      new Flaw(
          "name_ar",
          "Write the Arabic name: 1 to 120 characters.",
          "اكتب الاسم بالعربية: من حرف إلى 120 حرفًا.");
  private static final Flaw NAME_EN_FLAW =
      new Flaw(
          "name_en",
          "Write the English name: 1 to 120 characters.",
          "اكتب الاسم بالإنجليزية: من حرف إلى 120 حرفًا.");

  private static final String INSERT =
      """
      INSERT INTO dispatch.organisation (code, name_ar, name_en) VALUES ($1, $2, $3)
      ON CONFLICT (code) DO NOTHING
      RETURNING id\
      """;
}
