#pragma once
// Every command of the program, with what it may be called with.

#include "app/account_commands.hpp"
#include "app/audit_commands.hpp"
#include "app/audit_list.hpp"
#include "app/backup_commands.hpp"
#include "app/command_tree.hpp"
#include "app/init_command.hpp"
#include "app/invite_command.hpp"
#include "app/mail_commands.hpp"
#include "app/move_command.hpp"
#include "app/password_list_command.hpp"
#include "app/proxy_command.hpp"

namespace cardea::app {

/// The description of the command line, and what it has read. Stays where it is while a command runs.
class CommandList {
 public:
  CommandList() = default;
  CommandList(const CommandList&) = delete;
  CommandList& operator=(const CommandList&) = delete;

  [[nodiscard]] CommandText tree();

 private:
  // By noun; each in the file of what it is about.
  CommandText servers_dev();
  CommandText servers_serve();
  CommandText user();
  CommandText user_invitation();
  CommandText user_listing();
  CommandText session();
  CommandText admin();
  CommandText audit();
  std::vector<CommandText> questions();  // of audit
  std::vector<CommandText> chain();      // of audit
  std::vector<CommandText> data();
  CommandText password_list();
  std::vector<CommandText> printers();
  CommandText mail();
  std::vector<CommandText> trials();  // of features
  CommandText proxy();
  CommandText init_files();
  std::vector<CommandText> about_itself();

  CommandText about_user(std::string name, std::string what, std::function<int(const AccountOrder&)> run,
                         std::vector<Parameter> more = {}, std::vector<Example> examples = {});
  [[nodiscard]] std::vector<Parameter> database_options();
  [[nodiscard]] std::vector<Parameter> manner_options();
  [[nodiscard]] Parameter limit_option();
  [[nodiscard]] Parameter progress_option();
  [[nodiscard]] std::vector<Command> feature_commands(std::string_view noun) const;

  /// The options, completed by what is found where none says where the data is.
  const Options& located();

  Options options_;
  Manner manner_;
  std::string who_;
  std::string role_{enum_text(Role::owner)};
  std::vector<std::string> changes_;
  std::string shell_;
  std::string folder_;
  std::optional<int> limit_;
  UserFilter user_filter_;
  NewUser new_user_;
  InviteOrder invite_order_;
  AuditSource audit_source_;
  AuditOrder audit_order_;
  AuditQuestion audit_question_;
  BackupOrder backup_order_;
  std::string restored_file_;
  MoveOrder move_order_;
  ProxyOrder proxy_order_;
  PasswordListOrder password_list_order_;
  InitOrder init_order_;
  MailOrder mail_order_;
  bool force_ = false;
  bool now_ = false;
  bool defaults_ = false;
};

/// One list behind another.
[[nodiscard]] std::vector<Parameter> joined(std::vector<Parameter> first, std::vector<Parameter> second);

}  // namespace cardea::app
