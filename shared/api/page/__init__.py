"""The page of the app: its built files, and how one signs in; both are for anybody."""
