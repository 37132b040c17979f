"""Who somebody is: sessions, cookies and tokens."""
