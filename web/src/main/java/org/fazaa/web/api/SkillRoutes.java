package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;

/** The coded vocabulary that needs and volunteers use. */
public final class SkillRoutes {

  private final Api api;

  public SkillRoutes(Api api) {
    this.api = api;
  }

  public void mount(Router router) {
    api.reads(router, "listSkills", call -> Answer.ok(vocabulary()));
  }

  private static JsonObject vocabulary() {
    var skills = new JsonArray();
    for (var skill : Skill.values()) skills.add(coded(skill.code(), skill.ar(), skill.en()));
    var languages = new JsonArray();
    for (var one : SpokenLanguage.values()) languages.add(coded(one.code(), one.ar(), one.en()));
    return new JsonObject().put("skills", skills).put("languages", languages);
  }

  private static JsonObject coded(String code, String ar, String en) {
    return new JsonObject().put("code", code).put("ar", ar).put("en", en);
  }
}
