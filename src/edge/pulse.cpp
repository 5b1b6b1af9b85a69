#include "edge/pulse.hpp"

#include <algorithm>
#include <array>

namespace cardea::edge {

namespace {

struct NamedLane {
  http::Lane lane;
  const char* name;
};
constexpr std::array<NamedLane, 2> asked_lanes{{{http::Lane::quick, "lane quick"}, {http::Lane::heavy, "lane heavy"}}};

}  // namespace

void Pulse::ask(const std::shared_ptr<Question>& question, Pool& lane) {
  class Answer : public Job {
   public:
    explicit Answer(std::shared_ptr<Question> question) : question_(std::move(question)) {}
    void run() noexcept override { question_->is_answered = true; }
    void drop() noexcept override { question_->is_lost = true; }

   private:
    std::shared_ptr<Question> question_;
  };
  question->is_answered = false;
  question->is_lost = false;
  lane.add(Share{}, std::make_unique<Answer>(question));
}

std::vector<std::string> Pulse::silent(const std::vector<std::unique_ptr<IoThread>>& threads, Lanes& lanes) {
  const bool is_first = questions_.empty();
  if (is_first) {
    const auto add = [this](std::string name) {
      questions_.push_back(std::make_shared<Question>());
      questions_.back()->name = std::move(name);
    };
    for (std::size_t i = 0; i < threads.size(); ++i) add("I/O thread " + std::to_string(i + 1));
    for (const auto& each : asked_lanes) add(each.name);
  }
  std::vector<std::string> silent;
  for (const auto& question : questions_) {
    if (!is_first && !question->is_answered) silent.push_back(question->name);
  }
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    const auto& question = questions_[i];
    if (i >= threads.size()) {
      if (silent.empty() || question->is_lost) ask(question, *lanes.pool(asked_lanes.at(i - threads.size()).lane));
    } else if (silent.empty()) {
      question->is_answered = false;
      asio::post(threads[i]->context(), [question] { question->is_answered = true; });
    }
  }
  return silent;
}

}  // namespace cardea::edge
